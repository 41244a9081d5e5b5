package io.github.libjot.spark;

import io.github.libjot.Demand;
import io.github.libjot.Verification;
import io.github.libjot.Verifier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** What the functions of {@link JotExtensions} do with a row; Spark's generated code calls them. */
public final class JotFunctions {
    /** The columns of {@code jot_verdict}, with the names of the audit, and the claims. */
    static final StructType VERDICT = new StructType(new StructField[] {
        new StructField("code", DataTypes.IntegerType, false, Metadata.empty()),
        new StructField("name", DataTypes.StringType, false, Metadata.empty()),
        new StructField("signature_ok", DataTypes.BooleanType, false, Metadata.empty()),
        new StructField("valid_at_use", DataTypes.BooleanType, false, Metadata.empty()),
        new StructField("claims", DataTypes.StringType, true, Metadata.empty()),
    });

    private static final long MICROSECONDS = 1_000_000;

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

    private static Demand at(long microseconds) {
        return Demand.NONE.nowEpochSecond(Math.floorDiv(microseconds, MICROSECONDS));
    }

    /** Returns the row of a token at an instant, in microseconds since 1970. */
    public static InternalRow verdict(UTF8String policy, UTF8String token, long instant) {
        Object[] row = new Object[VERDICT.size()];
        Verification found = verifier(policy).check(token.getBytes(), at(instant));
        row[0] = found.code().number();
        row[1] = UTF8String.fromString(found.code().toString());
        switch (found) {
            case Verification.Accepted accepted -> {
                row[2] = true;
                row[3] = true;
                row[4] = UTF8String.fromBytes(accepted.token().payload());
            }
            case Verification.Rejected rejected -> {
                row[2] = rejected.signatureOk();
                row[3] = false;
            }
        }
        return new GenericInternalRow(row);
    }
}
