package io.github.libjot.spark;

import io.github.libjot.Code;
import io.github.libjot.Demand;
import io.github.libjot.Verification;
import io.github.libjot.Verifier;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What the functions of {@link JotExtensions} do with a row where {@link VerdictsInBatches} did not take
 * many; Spark's generated code calls them.
 */
public final class JotFunctions {
    /** The columns of {@code jot_verdict}, with the names of the audit, and the claims. */
    static final StructType VERDICT = new StructType(new StructField[] {
        new StructField("code", DataTypes.IntegerType, false, Metadata.empty()),
        new StructField("name", DataTypes.StringType, false, Metadata.empty()),
        new StructField("signature_ok", DataTypes.BooleanType, false, Metadata.empty()),
        new StructField("valid_at_use", DataTypes.BooleanType, false, Metadata.empty()),
        new StructField("claims", DataTypes.StringType, true, Metadata.empty()),
    });
    /** The name of the function that judges a row. */
    static final String ROW = "verdict";

    private static final long MICROSECONDS = 1_000_000;
    private static final UTF8String[] NAMES =
        Arrays.stream(Code.values()).map(code -> UTF8String.fromString(code.toString())).toArray(UTF8String[]::new);

    /** The last policy of a thread: a query has the same in each row. */
    private static final ThreadLocal<Last> LAST = new ThreadLocal<>();

    private record Last(UTF8String text, Verifier verifier) {}

    private JotFunctions() {}

    private static Verifier verifier(UTF8String policy) {
        Last last = LAST.get();
        if (last != null && last.text.equals(policy)) {
            return last.verifier;
        }
        Verifier found = Policy.of(policy.toString());
        LAST.set(new Last(policy.copy(), found));
        return found;
    }

    /** Returns the whole seconds of Spark's instants, rounded towards the past. */
    static long seconds(long microseconds) {
        return Math.floorDiv(microseconds, MICROSECONDS);
    }

    /** Returns the row of a token at an instant, in microseconds since 1970. */
    public static InternalRow verdict(UTF8String policy, UTF8String token, long instant) {
        Verification found = verifier(policy).check(token.getBytes(), Demand.NONE.nowEpochSecond(seconds(instant)));
        return switch (found) {
            case Verification.Accepted accepted -> row(Code.ACCEPTED, true, accepted.token().payload());
            case Verification.Rejected rejected -> row(rejected.code(), rejected.signatureOk(), null);
        };
    }

    /** Returns the row of a verdict; claims are those of an accepted token. */
    static InternalRow row(Code code, boolean signatureOk, byte[] claims) {
        return new GenericInternalRow(new Object[] {
            code.number(), NAMES[code.ordinal()], signatureOk, code == Code.ACCEPTED,
            claims == null ? null : UTF8String.fromBytes(claims)});
    }
}
