// SPDX-License-Identifier: Apache-2.0
// Prints the options that a Spark's own classes define, as scripts/spark_options.py wants them: one per line,
// name, type, default, since and description with tabs between. Run it with the Spark's jars as the class path and
// the jars' folder as the argument.
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
      if (!(Boolean) call(entry, "isPublic") || !name.startsWith("spark.")) continue;
      String preset = (String) call(entry, "defaultValueString");
      if (preset == null || preset.equals("<undefined>")) preset = "";
      out.append(String.join("\t", line(name), typeOf(entry, preset), line(preset), line((String) call(entry, "version")),
          line(description))).append('\n');
    }
    System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
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

  /** What values it takes: its own converter is asked. */
  private static String typeOf(Object entry, String preset) {
    if (converts(entry, "true") && converts(entry, "false") && !converts(entry, "12")) return "boolean";
    boolean text = converts(entry, "some words");
    if (text) return isList(call(call(entry, "valueConverter"), "apply", "a,b")) ? "list" : "text";
    boolean size = converts(entry, "512m") && !converts(entry, "2h") || converts(entry, "1g") && !converts(entry, "1h");
    if (size) return "size";
    if (converts(entry, "2h") || converts(entry, "90s") || converts(entry, "100ms")) return "duration";
    for (String value : new String[] {"1", "0", "2", "100", "-1", "1000", preset})
      if (converts(entry, value) && value.matches("-?[0-9]+")) return converts(entry, "0.5") || converts(entry, "1.5") ? "number" : "integer";
    if (converts(entry, "0.5") || preset.matches("-?[0-9]*\\.[0-9]+")) return "number";
    return "text";
  }

  private static boolean isList(Object value) {
    try {
      return Class.forName("scala.collection.Seq").isInstance(value);
    } catch (ClassNotFoundException error) {
      throw new IllegalStateException("no Scala on the class path", error);
    }
  }

  private static boolean converts(Object entry, String value) {
    try {
      call(call(entry, "valueConverter"), "apply", value);
      return true;
    } catch (RuntimeException refused) {
      return false;
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
