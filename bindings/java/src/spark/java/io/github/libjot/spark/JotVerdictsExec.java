package io.github.libjot.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** The rows of a child, with the verdicts of some calls of {@code jot_verdict} behind them. */
@SuppressWarnings("serial") // Spark's sequences are serializable.
public final class JotVerdictsExec extends SparkPlan {
    private static final long serialVersionUID = 1;

    private final SparkPlan child;
    private final Seq<StaticInvoke> calls;
    private final Seq<Attribute> results;

    /**
     * Makes the operator; Spark makes copies by this constructor, with what {@link #productElement} has.
     *
     * @param child has the rows
     * @param calls those of {@code jot_verdict}, each with one policy
     * @param results an attribute for each call
     */
    public JotVerdictsExec(SparkPlan child, Seq<StaticInvoke> calls, Seq<Attribute> results) {
        this.child = child;
        this.calls = calls;
        this.results = results;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        List<Expression> arguments = new ArrayList<>();
        List<String> policies = new ArrayList<>();
        for (StaticInvoke call : CollectionConverters.asJava(calls)) {
            policies.add(call.arguments().head().eval(null).toString());
            arguments.add(call.arguments().apply(1));
            arguments.add(call.arguments().apply(2));
        }
        return child.execute().mapPartitions(
            new JudgeRows(policies.toArray(String[]::new), VerdictsInBatches.seq(arguments), child.output()), true,
            ClassTag$.MODULE$.apply(InternalRow.class));
    }

    @Override
    public Seq<Attribute> output() {
        List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(child.output()));
        all.addAll(CollectionConverters.asJava(results));
        return VerdictsInBatches.seq(all);
    }

    @Override
    public AttributeSet producedAttributes() {
        return AttributeSet.apply(VerdictsInBatches.<Expression>seq(CollectionConverters.asJava(results)));
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public Seq<SparkPlan> children() {
        return VerdictsInBatches.seq(List.of(child));
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new JotVerdictsExec(children.head(), calls, results);
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int number) {
        return switch (number) {
            case 0 -> child;
            case 1 -> calls;
            case 2 -> results;
            default -> throw new IndexOutOfBoundsException(number);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof JotVerdictsExec;
    }
}
