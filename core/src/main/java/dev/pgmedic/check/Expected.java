package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.target.Expectation;

/** Whether what the owner expects is all there: then a first baseline does not bless a breakage. */
public final class Expected {

  private Expected() {}

  /** Whether the owner expects anything, and the catalog has all of it. */
  public static boolean confirms(Expectation expectation, Catalog catalog) {
    return !expectation.isEmpty()
        && expectation.tables().stream().allMatch(table -> catalog.has(Kind.TABLE, table))
        && expectation.enums().entrySet().stream()
            .allMatch(type ->
                catalog
                    .find(new Key(Kind.ENUM, type.getKey()))
                    .map(EnumRules::labels)
                    .filter(type.getValue()::equals)
                    .isPresent());
  }
}
