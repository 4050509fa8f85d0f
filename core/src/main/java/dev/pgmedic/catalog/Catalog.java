package dev.pgmedic.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All objects of a database's schema at one moment. */
public final class Catalog {

  /** A database without any object. */
  public static final Catalog EMPTY = new Catalog(java.util.List.of());

  private final Map<Key, CatalogObject> objects = new LinkedHashMap<>();

  /** Keeps the objects in their order. */
  @JsonCreator
  public Catalog(Collection<CatalogObject> objects) {
    objects.forEach(object -> this.objects.put(object.key(), object));
  }

  /** Every object, in the order in which they were read. */
  @JsonValue
  public Collection<CatalogObject> objects() {
    return java.util.Collections.unmodifiableCollection(objects.values());
  }

  /** The object with this identity, if it is there. */
  public Optional<CatalogObject> find(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Whether an object with this identity is there. */
  public boolean has(Kind kind, String identity) {
    return objects.containsKey(new Key(kind, identity));
  }

  /** Every object of one kind. */
  public Stream<CatalogObject> all(Kind kind) {
    return objects.values().stream().filter(object -> object.kind() == kind);
  }

  /** Whether any object says that it cannot be without this one. */
  public boolean isNeeded(String identity) {
    return objects.values().stream().anyMatch(object -> object.needs().contains(identity));
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Catalog catalog && catalog.objects.equals(objects);
  }

  @Override
  public int hashCode() {
    return objects.hashCode();
  }

  @Override
  public String toString() {
    return objects.size() + " objects";
  }
}
