package dev.pgmedic.history.tool;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** A changelog of Liquibase in XML. */
final class ChangelogXml {

  private ChangelogXml() {}

  /** Reads one; document types, which could fetch other files, are refused. */
  static ChangelogFile read(byte[] file)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setNamespaceAware(true);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(new DefaultHandler()); // the other one prints
    Element root = builder.parse(new ByteArrayInputStream(file)).getDocumentElement();
    List<ChangelogFile.Item> items = new ArrayList<>();
    for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element) {
        boolean preconditions =
            element.getElementsByTagNameNS("*", "preConditions").getLength() > 0;
        items.add(
            ChangelogFile.Item.of(element.getLocalName(), attributes(element), preconditions));
      }
    }
    return new ChangelogFile(
        Optional.ofNullable(attributes(root).get(ChangelogFile.LOGICAL_PATH)), items);
  }

  private static Map<String, String> attributes(Element element) {
    Map<String, String> attributes = new LinkedHashMap<>();
    NamedNodeMap nodes = element.getAttributes();
    for (int i = 0; i < nodes.getLength(); i++) {
      attributes.put(nodes.item(i).getNodeName(), nodes.item(i).getNodeValue());
    }
    return attributes;
  }
}
