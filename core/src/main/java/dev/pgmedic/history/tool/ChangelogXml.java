package dev.pgmedic.history.tool;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.LocatorImpl;

/** A changelog of Liquibase in XML. */
final class ChangelogXml extends DefaultHandler {

  private static final int ITEM = 1;

  private final List<ChangelogFile.Item> items = new ArrayList<>();
  private Map<String, String> root = Map.of();
  private Locator locator = new LocatorImpl();
  private int depth;

  private ChangelogXml() {}

  /** Reads one; document types, which could fetch other files, are refused. */
  static ChangelogFile read(byte[] file)
      throws IOException, SAXException, ParserConfigurationException {
    SAXParserFactory factory = SAXParserFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setNamespaceAware(true);
    ChangelogXml changelog = new ChangelogXml();
    factory.newSAXParser().parse(new ByteArrayInputStream(file), changelog);
    return new ChangelogFile(
        Optional.ofNullable(changelog.root.get(ChangelogFile.LOGICAL_PATH)), changelog.items);
  }

  @Override
  public void setDocumentLocator(Locator locator) {
    this.locator = locator;
  }

  @Override
  public void startElement(String uri, String name, String qualified, Attributes attributes) {
    if (depth == 0) {
      root = map(attributes);
    } else if (depth == ITEM) { // where its first tag ends
      items.add(ChangelogFile.Item.of(name, map(attributes), locator.getLineNumber()));
    } else if (name.equals("preConditions")) {
      items.add(items.removeLast().withPreconditions());
    }
    depth++;
  }

  @Override
  public void endElement(String uri, String name, String qualified) {
    depth--;
  }

  private static Map<String, String> map(Attributes attributes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < attributes.getLength(); i++) {
      map.put(attributes.getQName(i), attributes.getValue(i));
    }
    return map;
  }
}
