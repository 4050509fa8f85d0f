package dev.pgmedic.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One object of a database's schema.
 *
 * @param kind what it is
 * @param identity its qualified and quoted name; a part of a table has the table's name in front
 * @param parent the table that it is a part of
 * @param owner the role that owns it, for what has an owner of its own
 * @param definition all that is compared, as text in which stored expressions are hashes
 * @param needs the identities of other objects that it cannot be without
 * @param valid false for an invalid index and a constraint that is NOT VALID
 */
public record CatalogObject(
    Kind kind,
    String identity,
    Optional<String> parent,
    Optional<String> owner,
    String definition,
    List<String> needs,
    boolean valid) {

  /** Copies what it needs. */
  public CatalogObject {
    needs = List.copyOf(needs);
  }

  /** What makes an object the same one in two looks at the catalog. */
  @JsonIgnore
  public Key key() {
    return new Key(kind, identity);
  }

  /** The same object of another owner. */
  public CatalogObject ownedBy(Optional<String> other) {
    return new CatalogObject(kind, identity, parent, other, definition, needs, valid);
  }

  /** How people call it: {@code table public.users}. */
  @JsonIgnore
  public String title() {
    return kind + " " + identity;
  }

  /** The kinds of objects that are compared. */
  public enum Kind {
    TABLE,
    COLUMN,
    ENUM,
    VIEW,
    MATERIALIZED_VIEW,
    CONSTRAINT,
    INDEX,
    TRIGGER,
    POLICY,
    FUNCTION,
    SEQUENCE;

    /** Reads the name as people write it. */
    @JsonCreator
    public static Kind of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * The identity of an object: an index and a table may share a name in two schemas' eyes, so the
   * kind is part of it.
   *
   * @param kind what it is
   * @param identity its qualified name
   */
  public record Key(Kind kind, String identity) {}
}
