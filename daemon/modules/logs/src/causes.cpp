// SPDX-License-Identifier: Apache-2.0
#include "causes.hpp"

#include <re2/re2.h>

#include <array>

#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

constexpr const char* more_memory =
    "Give the driver more, e.g. the option spark.driver.memory = 4g, or collect less into it.";

constexpr std::array known{
    Cause{R"(UnsupportedClassVersionError)", FailureReason::java_too_old, "The Java is too old for this Spark.",
          "Spark 4 needs Java 17 or newer. Install one with `pip install 'firesteel[local]'`, or name its directory as "
          "the connection's Java."},
    Cause{R"(INVALID_DRIVER_MEMORY\S* (.*?) SQLSTATE|INVALID_DRIVER_MEMORY|System memory \d+ must be at least)",
          FailureReason::out_of_memory, "The driver has less memory than Spark needs to start.",
          "Give it more, e.g. the option spark.driver.memory = 1g."},
    Cause{
        R"(Could not reserve enough space|Cannot allocate memory|There is insufficient memory for the Java Runtime|unable to create native thread)",
        FailureReason::out_of_memory, "This machine did not give the driver the memory it asked for.",
        "Lower the option spark.driver.memory, or end other programs (other connections, too)."},
    Cause{R"(java\.lang\.OutOfMemoryError(?:: ([^\n]*))?)", FailureReason::out_of_memory,
          "The driver ran out of memory ({}).", more_memory, true},
    Cause{R"(No space left on device|Disk quota exceeded)", FailureReason::disk_full,
          "There is no space left on a disk that Spark writes to.",
          "Make room (Spark writes to /tmp unless told otherwise), or point the option spark.local.dir elsewhere.",
          true},
    Cause{R"(Failed to create a temp directory \(under ([^)]*)\))", FailureReason::invalid_option,
          "Spark can't create its working directory under {}.",
          "Check that the directory exists, that you may write there, and that its disk is not full; the option is "
          "spark.local.dir."},
    Cause{R"(java\.net\.BindException: (.*?)(?:: Service|!|$))", FailureReason::port_in_use,
          "A port that Spark wanted is in use: {}.", "Start it again: it will choose other ports.", false, true},
    // YARN's filter for the UI comes while the UI's pages are put up (seen with Spark 4.3).
    Cause{R"(ConcurrentModificationException: mutation occurred during iteration)", FailureReason::exited,
          "Two of Spark's own threads changed the same thing at once.", "Start it again.", false, true},
    Cause{R"(RuntimeException: \[(?:unresolved dependency|download failed): (.+?)\])", FailureReason::class_not_found,
          "A package of spark.jars.packages could not be fetched: {}.",
          "Check its name and version, and that this machine reaches the package's repository "
          "(spark.jars.repositories)."},
    Cause{R"((?:Illegal value for config key|Invalid value for config) (\S+): )", FailureReason::invalid_option,
          "The value of the option {} is not one that Spark takes.",
          "Correct it; the log says what was wrong with it."},
    Cause{R"re(\[INVALID_CONF_VALUE\S*\] (The value '.*?' in the config "[^"]+" is invalid\..*?)(?: SQLSTATE|$))re",
          FailureReason::invalid_option, "Spark refused an option. {}.", "Correct the option's value."},
    Cause{R"(IllegalArgumentException: ((?:spark\.\S+) should be .*?, but was .*))", FailureReason::invalid_option,
          "An option has a value that Spark does not take: {}.", "Correct it."},
    Cause{R"(SparkException: (Master must .*|Could not parse Master URL: .*|Master should .*))",
          FailureReason::invalid_option, "The master is not one that Spark can run on: {}.",
          "Use local[*], or leave the option spark.master out."},
    Cause{R"((?:ClassNotFoundException|NoClassDefFoundError): (\S+))", FailureReason::class_not_found,
          "A class that Spark was told to use is not there: {}.",
          "Check its name, and add the library that holds it with the option spark.jars.packages or spark.jars."},
    Cause{R"(Error: Could not find or load main class (\S+))", FailureReason::class_not_found,
          "Java does not find Spark's own class {}.", "The Spark installation is not complete; install it again."},
    Cause{R"(^Error occurred during initialization of (?:VM|boot layer)$)", FailureReason::invalid_option,
          "Java did not start with these options.", "Check spark.driver.extraJavaOptions and spark.driver.memory."},
};

using enum Suggestion::Type;

constexpr std::array more{
    Hint{R"(JAVA_HOME is not set|java: (?:command )?not found|Unable to locate a Java Runtime)", error,
         "Java was not found. Install one, e.g. with `pip install 'firesteel[local]'`, or name its directory as the "
         "connection's Java."},
    Hint{R"(InaccessibleObjectException|module java\.base does not \"opens )", error,
         "This Java keeps its own parts closed to Spark. Use a Java that this Spark is made for (17 for Spark 4), and "
         "leave the `--add-opens` that Spark needs in `spark.driver.extraJavaOptions`."},
    Hint{R"re(Service '?([\w.]+)'? could not bind on port \d+)re", info,
         "A port that Spark wanted for its service {} is in use; Spark tries the next ones by itself."},
    Hint{
        R"(Container killed by YARN for exceeding|running beyond (?:physical|virtual) memory limits|[Ee]xit (?:code|status):? (?:is )?(?:137|143|52)\b)",
        error,
        "An executor was ended because it used more memory than it may. Give it more with `spark.executor.memory` or "
        "`spark.executor.memoryOverhead`, or make partitions smaller (`repartition`)."},
    Hint{R"(is bigger than (?:spark\.driver\.maxResultSize|local maxResultSize))", error,
         "A result is larger than the driver takes. Write it to a table or a file, take a part of it with `limit`, or "
         "raise `spark.driver.maxResultSize`."},
    Hint{R"((?:to|in) (?:unknown|non-leaf|a non-leaf) queue:? (\S+))", error,
         "YARN has no queue {} for this application. Name one that you may use in `spark.yarn.queue`."},
    Hint{
        R"(Queue (\S+) (?:does not exist|is STOPPED|already has \d+ applications)|does not have permission to submit \S+ to queue (?:\S+))",
        error, "YARN's queue {} does not take this application. Name another one in `spark.yarn.queue`."},
    Hint{R"(\[firesteel\] Spark (\S+) asks nobody for a secret)", warn,
         "Any user of this machine can use this server and run code as you: Spark {} can't ask for a secret. On a "
         "machine that you share, use Spark 4."},
    Hint{R"(Initial job has not accepted any resources)", warn,
         "No executor has come yet: the cluster has no room for what is asked for. Ask for less "
         "(`spark.executor.memory`, `spark.executor.cores`), or wait until others are done."},
    Hint{
        R"(GSS initiate failed|Failed to find any Kerberos t(?:gt|icket)|Clients credentials have been revoked|[Tt]icket expired|Cannot get a KDC reply|Client cannot authenticate via:\s*\[(?:TOKEN, )?KERBEROS)",
        error, "There is no valid Kerberos ticket. Get a new one with `kinit`, then start the connection again."},
    Hint{R"(token \(.*\) (?:is expired|can't be found in cache)|HDFS_DELEGATION_TOKEN.* (?:is expired|can't be found))",
         error,
         "A Hadoop delegation token has expired. Restart the connection for a new one; for long runs give Spark "
         "`spark.kerberos.keytab` and `spark.kerberos.principal`."},
    Hint{R"(PYTHON_VERSION_MISMATCH|Python in worker has different version)", error,
         "Driver and executors have different versions of Python. Name the same one for both, e.g. with "
         "`spark.pyspark.python`."},
    Hint{
        R"(local class incompatible: stream classdesc serialVersionUID|java\.lang\.(?:NoSuchMethodError|IncompatibleClassChangeError|AbstractMethodError))",
        error,
        "Parts of different versions meet: a library, or the cluster's Spark, is not made for this Spark and its "
        "Scala. Use the versions that belong together (in `spark.jars.packages` the `_2.12` or `_2.13` is Scala's)."},
    Hint{R"re(No FileSystem for scheme "?([\w-]+))re", error,
         "Spark has no library for files at `{}://`. Add the one that has it with `spark.jars.packages`."},
    Hint{R"re(Permission denied: user=\S+, access=\w+, inode="([^"]+))re", error,
         "HDFS lets you not at `{}`. Ask for the right, or use another path; a missing Kerberos ticket can be the "
         "reason, too."},
    Hint{R"(java\.net\.(?:ConnectException: Call From \S+ to|UnknownHostException: ?)\s*([\w.-]+(?::\d+)?))", error,
         "`{}` could not be reached. Check its name and whether this machine may reach it."},
};

}  // namespace

std::span<const Cause> causes() { return known; }
std::span<const Hint> hints() { return more; }

std::string fill_in(std::string message, std::string_view detail) {
  const std::size_t place = message.find("{}");
  if (place == message.npos) return message;
  const std::string said = phrase(detail);
  if (said.empty())
    RE2::Replace(&message, R"( \(\{\}\)|: \{\}| `?\{\}`?(?:://)?)", "");
  else
    message.replace(place, 2, said);
  return message;
}

std::string phrase(std::string_view text) {
  std::string out(cut_utf8(text, 300));
  if (out.size() < text.size()) return out + "…";
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace firesteel
