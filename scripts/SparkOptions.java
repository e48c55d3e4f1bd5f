// SPDX-License-Identifier: Apache-2.0
// Prints what a Spark's own classes say of its options, as scripts/spark_options.py wants it, with tabs between:
//   option      name  type  default  since  description
//   internal    name                              (not meant for users)
//   deprecated  name  since  what to do
//   removed     name  since  what to do
// Run it with the Spark's jars as the class path and the jars' folder as the argument.
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class SparkOptions {
  public static void main(String[] arguments) throws Exception {
    loadDefiningObjects(Path.of(arguments[0]));
    Class<?> registry = Class.forName("org.apache.spark.internal.config.ConfigEntry$");
    Object known = call(registry.getField("MODULE$").get(null), "knownConfigs");
    List<Object> entries = new ArrayList<>(((java.util.Map<?, ?>) known).values());
    entries.sort(Comparator.comparing(entry -> (String) call(entry, "key")));
    StringBuilder out = new StringBuilder();
    for (Object entry : entries) {
      String name = (String) call(entry, "key");
      String description = (String) call(entry, "doc");  // empty where only the web site has words for it
      if (!name.startsWith("spark.")) continue;
      if (!(Boolean) call(entry, "isPublic")) {
        out.append("internal\t").append(line(name)).append('\n');
        continue;
      }
      String preset = (String) call(entry, "defaultValueString");
      if (preset == null || preset.equals("<undefined>")) preset = "";
      out.append(String.join("\t", "option", line(name), typeOf(entry), line(preset), line((String) call(entry, "version")),
          line(description))).append('\n');
    }
    appendNotes(out, "org.apache.spark.SparkConf$", "deprecatedConfigs", "deprecated");
    appendNotes(out, "org.apache.spark.sql.internal.SQLConf$", "deprecatedSQLConfigs", "deprecated");
    appendNotes(out, "org.apache.spark.sql.internal.SQLConf$", "removedSQLConfigs", "removed");
    appendOldNames(out);
    System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  /** One of Spark's own lists of options that are not to be used any more: name, since, [default,] what to do. */
  private static void appendNotes(StringBuilder out, String object, String list, String kind) throws Exception {
    for (Object each : valuesOf(fieldOf(object, list))) {
      int last = (Integer) call(each, "productArity") - 1;
      out.append(String.join("\t", kind, element(each, 0), element(each, 1), element(each, last))).append('\n');
    }
  }

  /** Options that have another name now. */
  private static void appendOldNames(StringBuilder out) throws Exception {
    for (Object pair : valuesOf(fieldOf("org.apache.spark.SparkConf$", "allAlternatives"))) {
      Object old = call(pair, "_2");
      String words = "Please use " + line((String) call(pair, "_1")) + ".";
      out.append(String.join("\t", "deprecated", element(old, 0), element(old, 1), words)).append('\n');
    }
  }

  private static String element(Object product, int index) {
    return line(String.valueOf(call(product, "productElement", index)));
  }

  private static Object fieldOf(String object, String name) throws Exception {
    Class<?> type = Class.forName(object);
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(type.getField("MODULE$").get(null));
  }

  private static List<Object> valuesOf(Object map) {
    List<Object> out = new ArrayList<>();
    Object values = call(call(map, "values"), "iterator");
    while ((Boolean) call(values, "hasNext")) out.add(call(values, "next"));
    return out;
  }

  /** Scala's objects define their options when they are first used: all that mention the builder are. */
  private static void loadDefiningObjects(Path jars) throws IOException {
    List<Path> files;
    try (var found = Files.newDirectoryStream(jars, "spark-*.jar")) {
      files = new ArrayList<>();
      found.forEach(files::add);
    }
    for (Path file : files) {
      try (JarFile jar = new JarFile(file.toFile())) {
        for (JarEntry entry : java.util.Collections.list(jar.entries())) {
          if (!entry.getName().endsWith("$.class") || !entry.getName().startsWith("org/apache/spark/")) continue;
          String code = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
          if (!code.contains("internal/config/ConfigBuilder")) continue;
          String name = entry.getName().replace('/', '.').replaceAll("\\.class$", "");
          try {
            Class.forName(name, true, SparkOptions.class.getClassLoader());
          } catch (Throwable error) {
            System.err.println("not loaded: " + name + ": " + error);
          }
        }
      }
    }
  }

  /** What values it takes: its own converter says what it wanted to have in place of two odd characters. */
  private static String typeOf(Object entry) {
    String refusal = refusalOf(entry, "?!");
    // "… should be a/an 'time in SECONDS' value", Spark 3: "… should be int, but was ?!"
    Matcher wanted = Pattern.compile("a/an '(.*?)' value|should be (\\w+), but was").matcher(refusal);
    if (wanted.find()) {
      String word = wanted.group(1) != null ? wanted.group(1) : wanted.group(2);
      if (word.equals("boolean")) return "boolean";
      if (word.equals("int") || word.equals("long")) return "integer";
      if (word.equals("double") || word.equals("decimal")) return "number";
      if (word.startsWith("time in ")) return "duration";
      if (word.startsWith("bytes in ")) return "size";
      return "text";
    }
    if (refusal.contains("Time must be specified")) return "duration";
    if (refusal.contains("Size must be specified")) return "size";
    if (refusal.contains("For input string")) return "integer";
    // All else is refused for its content, not for its form.
    for (String value : new String[] {"?!", "a,b", (String) call(entry, "defaultValueString")})
      if (refusalOf(entry, value).isEmpty()) return isList(call(call(entry, "valueConverter"), "apply", value)) ? "list" : "text";
    return "text";
  }

  private static boolean isList(Object value) {
    try {
      Object inner = Class.forName("scala.Some").isInstance(value) ? call(value, "get") : value;
      return Class.forName("scala.collection.Seq").isInstance(inner);
    } catch (ClassNotFoundException error) {
      throw new IllegalStateException("no Scala on the class path", error);
    }
  }

  /** What the option says to this value; empty: it takes it. */
  private static String refusalOf(Object entry, String value) {
    try {
      call(call(entry, "valueConverter"), "apply", value);
      return "";
    } catch (RuntimeException refused) {
      String message = refused.getCause() == null ? null : refused.getCause().getMessage();
      return message == null || message.isEmpty() ? "refused" : message;
    }
  }

  private static Object call(Object on, String method, Object... arguments) {
    try {
      for (Class<?> type = on.getClass(); type != null; type = type.getSuperclass())
        for (Method each : type.getDeclaredMethods())
          if (each.getName().equals(method) && each.getParameterCount() == arguments.length && !each.isBridge()) {
            each.setAccessible(true);
            return each.invoke(on, arguments);
          }
      for (Class<?> type : on.getClass().getInterfaces())
        for (Method each : type.getMethods())
          if (each.getName().equals(method) && each.getParameterCount() == arguments.length) return each.invoke(on, arguments);
    } catch (ReflectiveOperationException error) {
      throw new RuntimeException(error.getCause() == null ? error : error.getCause());
    }
    throw new RuntimeException("no method " + method + " in " + on.getClass());
  }

  private static String line(String text) {
    return text == null ? "" : text.strip().replaceAll("\\s+", " ");
  }
}
