package io.github.libjot.spark;

import io.github.libjot.Batch;
import io.github.libjot.BatchOptions;
import io.github.libjot.Code;
import io.github.libjot.Verdicts;
import io.github.libjot.Verifier;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** Judges the rows of a partition, many at a time. */
@SuppressWarnings("serial") // Spark's sequences are serializable.
final class JudgeRows extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>> implements Serializable {
    private static final long serialVersionUID = 1;
    /** So many rows fill the lanes of the processor, and few wait in memory. */
    private static final int ROWS = 1024;

    private final String[] policies;
    private final Seq<Expression> arguments;
    private final Seq<Attribute> input;

    /**
     * Makes the function.
     *
     * @param policies that of each call
     * @param arguments the token and the instant of each call
     * @param input the columns of a row
     */
    JudgeRows(String[] policies, Seq<Expression> arguments, Seq<Attribute> input) {
        this.policies = policies;
        this.arguments = arguments;
        this.input = input;
    }

    @Override
    public Iterator<InternalRow> apply(Iterator<InternalRow> rows) {
        return new Judged(rows);
    }

    /** The tokens of one call and the instants at which they were used; a null token is a row without a verdict. */
    private static final class Column {
        private final byte[][] tokens = new byte[ROWS][];
        private final long[] instants = new long[ROWS];

        void set(int row, UnsafeRow values, int first) {
            boolean isNull = values.isNullAt(first) || values.isNullAt(first + 1);
            tokens[row] = isNull ? null : values.getUTF8String(first).getBytes();
            instants[row] = isNull ? 0 : JotFunctions.seconds(values.getLong(first + 1));
        }
    }

    private final class Judged extends AbstractIterator<InternalRow> {
        private final Iterator<InternalRow> rows;
        private final UnsafeProjection values = UnsafeProjection.create(arguments, input);
        private final Column[] columns = new Column[policies.length];
        private final ArrayDeque<InternalRow> judged = new ArrayDeque<>(ROWS);
        private final Batch batch = Batch.of(1);

        Judged(Iterator<InternalRow> rows) {
            this.rows = rows;
            Arrays.setAll(columns, call -> new Column());
            // A task that is given up does not come to the end of its rows.
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> batch.close());
        }

        @Override
        public boolean hasNext() {
            return !judged.isEmpty() || rows.hasNext();
        }

        @Override
        public InternalRow next() {
            if (judged.isEmpty()) {
                judge();
            }
            return judged.remove();
        }

        private void judge() {
            List<InternalRow> taken = new ArrayList<>(ROWS);
            while (taken.size() < ROWS && rows.hasNext()) {
                InternalRow row = rows.next();
                UnsafeRow found = values.apply(row);
                for (int call = 0; call < columns.length; call++) {
                    columns[call].set(taken.size(), found, 2 * call);
                }
                // The next row may be written over it.
                taken.add(row.copy());
            }
            InternalRow[][] verdicts = new InternalRow[columns.length][];
            Arrays.setAll(verdicts, call -> judge(Policy.of(policies[call]), columns[call], taken.size()));
            for (int row = 0; row < taken.size(); row++) {
                Object[] told = new Object[columns.length];
                for (int call = 0; call < columns.length; call++) {
                    told[call] = verdicts[call][row];
                }
                judged.add(new JoinedRow(taken.get(row), new GenericInternalRow(told)));
            }
        }

        private InternalRow[] judge(Verifier verifier, Column column, int rows) {
            byte[][] tokens = Arrays.copyOf(column.tokens, rows);
            Verdicts found = batch.verify(
                verifier, tokens, BatchOptions.DEFAULT.atEpochSeconds(Arrays.copyOf(column.instants, rows)));
            InternalRow[] verdicts = new InternalRow[rows];
            for (int row = 0; row < rows; row++) {
                if (tokens[row] != null) {
                    Code code = found.code(row);
                    verdicts[row] = JotFunctions.row(
                        code, found.signatureOk(row), code == Code.ACCEPTED ? claims(tokens[row]) : null);
                }
            }
            return verdicts;
        }
    }

    /** A batch has no claims; those of a token that it accepted are what the engine decoded. */
    private static byte[] claims(byte[] token) {
        int begin = dot(token, 0) + 1;
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(token, begin, dot(token, begin)));
    }

    private static int dot(byte[] token, int from) {
        int at = from;
        while (token[at] != '.') {
            at++;
        }
        return at;
    }
}
