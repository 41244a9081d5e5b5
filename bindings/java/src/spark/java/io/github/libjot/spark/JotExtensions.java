package io.github.libjot.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.CurrentTimestamp;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

// Compiled for Java 17, Spark's oldest, so that it can say what is missing there.

/**
 * A function of SQL for tokens, without Python: {@code jot_verdict(policy, token)}, with an instant as a
 * third argument where the time of use is known.
 * {@code spark.sql.extensions=io.github.libjot.spark.JotExtensions} adds it to a session. A null token is
 * null.
 */
public final class JotExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    private static final String NAME = "jot_verdict";

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        int java = Runtime.version().feature();
        if (java < 22) {
            throw new UnsupportedOperationException("libjot needs Java 22 or later, and this is Java " + java);
        }
        ExpressionInfo info = new ExpressionInfo(JotFunctions.class.getName(), NAME);
        extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(NAME), info, new AbstractFunction1<>() {
            @Override
            public Expression apply(Seq<Expression> arguments) {
                return call(CollectionConverters.asJava(arguments));
            }
        }));
        extensions.injectColumnar(new AbstractFunction1<>() {
            @Override
            public ColumnarRule apply(SparkSession session) {
                return new VerdictsInBatches();
            }
        });
        return BoxedUnit.UNIT;
    }

    private static Expression call(List<Expression> arguments) {
        if (arguments.size() != 2 && arguments.size() != 3) {
            throw new IllegalArgumentException(NAME + " takes a policy, a token and perhaps an instant");
        }
        List<Expression> all = new ArrayList<>(arguments);
        if (all.size() == 2) {
            all.add(new CurrentTimestamp());
        }
        List<AbstractDataType> types =
            List.of(DataTypes.StringType, DataTypes.StringType, DataTypes.TimestampType);
        return new StaticInvoke(
            JotFunctions.class, JotFunctions.VERDICT, JotFunctions.ROW, CollectionConverters.asScala(all).toSeq(),
            CollectionConverters.asScala(types).toSeq(), true, false, true, Option.empty());
    }
}
