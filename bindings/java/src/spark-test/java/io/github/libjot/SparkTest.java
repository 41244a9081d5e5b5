package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The functions of SQL, on two executors that are processes of their own. */
class SparkTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.ES256, "k");
    private static final Signer OTHER = Signer.generate(Algorithm.ES256, "k");
    private static final int TOKENS = 500;
    private static String policy;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        String path = System.getProperty("jot.spark.path");
        String options = System.getProperty("jot.spark.options");
        spark = SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .config("spark.sql.extensions", "io.github.libjot.spark.JotExtensions")
            .config("spark.executor.extraClassPath", path)
            .config("spark.executor.extraJavaOptions", options)
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", Path.of(System.getProperty("java.io.tmpdir")).toUri().toString())
            .getOrCreate();
        try (KeySet keys = KeySet.of(SIGNER)) {
            policy = Json.write(Map.of(
                "algorithms", List.of("ES256"), "audience", List.of("api"), "cache", 100,
                "issuers", Map.of("https://a", Json.read(keys.toJwks()))));
        }
        spark.createDataset(tokens(), Encoders.STRING()).toDF("token").repartition(8).createOrReplaceTempView("logs");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static String token(Signer signer, int number) {
        return signer.sign(Map.of(
            "iss", "https://a", "aud", "api", "sub", "s" + number, "exp", 4102444800L + number % 2 * -4000000000L));
    }

    /** Half of them have expired, and each tenth has another key. */
    private static List<String> tokens() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            made.add(token(i % 10 == 0 ? OTHER : SIGNER, i));
        }
        return made;
    }

    private static Map<String, Long> counts(String sql) {
        Map<String, Long> found = new java.util.TreeMap<>();
        for (Row row : spark.sql(sql).collectAsList()) {
            found.put(row.getString(0), row.getLong(1));
        }
        return found;
    }

    private static String verdict(String rules) {
        return "jot_verdict('" + rules + "', token)";
    }

    private static final Map<String, Long> WANTED =
        Map.of("accepted", TOKENS * 4L / 10, "expired", TOKENS * 5L / 10, "signature_invalid", TOKENS / 10L);

    @Test
    void rowsAreJudgedOnExecutors() {
        String code = verdict(policy) + ".name";
        assertEquals(WANTED, counts("SELECT " + code + ", count(*) FROM logs GROUP BY 1"));
        String plan = plan("SELECT " + code + " FROM logs");
        assertTrue(!plan.contains("Python") && plan.contains("JotVerdicts"), plan);
    }

    /** Returns the plan that was executed in the end: Spark changes it on the way. */
    private static String plan(String sql) {
        Dataset<Row> found = spark.sql(sql);
        found.collectAsList();
        return found.queryExecution().executedPlan().toString();
    }

    @Test
    void batchesSayWhatRowsSay() throws Exception {
        // Five partitions, one of them empty, none of them a multiple of a batch, with nulls in both columns.
        StructType schema = new StructType().add("token", DataTypes.StringType).add("at", DataTypes.TimestampType);
        List<Row> rows = new ArrayList<>();
        List<String> tokens = tokens();
        for (int i = 0; i < 4000; i++) {
            rows.add(RowFactory.create(
                i % 7 == 0 ? null : tokens.get(i % TOKENS), i % 11 == 0 ? null : new java.sql.Timestamp((102444700L + i % 200) * 1000)));
        }
        Path folder = Files.createTempDirectory("jot-spark");
        spark.createDataFrame(rows, schema).repartition(4).write().mode("overwrite")
            .option("compression", "none").parquet(folder.toString());
        spark.read().parquet(folder.toString()).createOrReplaceTempView("uses");
        String call = "jot_verdict('" + policy + "', token, at)";
        String other = "jot_verdict('" + policy.replace("\"api\"", "\"other\"") + "', token, at)";
        // A branch of CASE is no place for a batch.
        String row = "CASE WHEN length(token) > 0 THEN " + call + " END";
        String both = "SELECT " + call + " AS many, " + row + " AS one FROM uses";
        assertTrue(plan("SELECT " + call + " FROM uses").contains("JotVerdicts"), plan(both));
        assertTrue(!plan("SELECT " + row + " FROM uses").contains("JotVerdicts"), plan(both));
        Dataset<Row> many = spark.sql("SELECT token, at, " + call + " AS verdict FROM uses");
        Dataset<Row> one = spark.sql("SELECT token, at, " + row + " AS verdict FROM uses");
        assertEquals(4000, many.count());
        assertEquals(0, many.exceptAll(one).count());
        assertEquals(0, one.exceptAll(many).count());
        // Several policies, filters, and conditions that need no verdict beside them.
        assertEquals(
            counts("SELECT coalesce(v.name, 'none'), count(*) FROM (SELECT " + row + " AS v FROM uses WHERE at IS NOT NULL) GROUP BY 1"),
            counts("SELECT coalesce(v.name, 'none'), count(*) FROM (SELECT " + call + " AS v FROM uses WHERE at IS NOT NULL) GROUP BY 1"));
        String accepted = "SELECT " + other + ".name, count(*) FROM uses WHERE at IS NOT NULL AND " + call + ".valid_at_use GROUP BY 1";
        Map<String, Long> found = counts(accepted);
        assertEquals(java.util.Set.of("aud_mismatch"), found.keySet());
        assertEquals(one.where("verdict.valid_at_use").count(), found.get("aud_mismatch"));
        assertEquals(2, plan(accepted).split("JotVerdicts", -1).length - 1, plan(accepted));
        assertEquals(1, plan("SELECT count(*) FROM uses WHERE " + call + ".name = 'expired'").split("JotVerdicts", -1).length - 1);
    }

    @Test
    void rowsAreJudgedAtTheirInstantsAndClaimsReturned() {
        String verdict = "jot_verdict('" + policy + "', token, at)";
        StructType schema = new StructType().add("token", DataTypes.StringType).add("at", DataTypes.TimestampType);
        List<Row> rows = new ArrayList<>();
        for (long seconds : new long[] {102444799, 102444801, -1}) {
            rows.add(RowFactory.create(token(SIGNER, 1), new java.sql.Timestamp(seconds * 1000 + 999)));
        }
        rows.add(RowFactory.create(null, new java.sql.Timestamp(0)));
        rows.add(RowFactory.create("x", new java.sql.Timestamp(0)));
        Dataset<Row> found = spark.createDataFrame(rows, schema).selectExpr(verdict + " AS v")
            .selectExpr("v.valid_at_use", "v.name", "v.signature_ok", "get_json_object(v.claims, '$.sub')");
        List<String> texts = found.collectAsList().stream().map(Row::toString).toList();
        assertEquals(List.of(
            "[true,accepted,true,s1]", "[false,expired,true,null]", "[true,accepted,true,s1]",
            "[null,null,null,null]", "[false,token_segments,false,null]"), texts);
    }

    @Test
    void executorThatIsKilledChangesNothing() throws Exception {
        CompletableFuture<Map<String, Long>> job = CompletableFuture.supplyAsync(() -> {
            Map<String, Long> last = Map.of();
            for (int i = 0; i < 10; i++) {
                last = counts("SELECT " + verdict(policy) + ".name"
                    + ", count(*) FROM (SELECT * FROM logs CROSS JOIN range(20)) GROUP BY 1");
                Map<String, Long> wanted = new java.util.TreeMap<>(WANTED);
                wanted.replaceAll((name, rows) -> rows * 20);
                assertEquals(wanted, last);
            }
            return last;
        });
        int killed = 0;
        while (!job.isDone()) {
            Thread.sleep(700);
            List<ProcessHandle> executors = ProcessHandle.current().descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
            if (killed < 2 && !executors.isEmpty()) {
                executors.getFirst().destroyForcibly();
                killed++;
            }
        }
        job.get();
        assertEquals(2, killed);
    }

    @Test
    void policiesThatMakeNoSenseFailTheQuery() {
        for (String wrong : List.of(
                "", "[]", "{\"algorithms\":[\"none\"]}", "{\"algorithms\":[\"ES256\"],\"audience\":\"api\"}", "{\"algorithms\":[\"ES256\"],\"audiences\":[\"api\"]}",
                "{\"algorithms\":[\"ES256\"],\"algorithms\":[\"HS256\"]}", "{\"any_audience\":1}", "{}")) {
            assertThrows(Exception.class,
                () -> spark.sql("SELECT " + verdict(wrong) + " FROM logs").collectAsList(),
                wrong);
        }
        assertThrows(Exception.class, () -> spark.sql("SELECT jot_verdict(token) FROM logs").collectAsList());
    }
}
