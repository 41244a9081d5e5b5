package io.github.libjot.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.ColumnarRule;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.Metadata;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Has {@link JotVerdictsExec} judge many rows at a time where a query selects or filters by
 * {@code jot_verdict} with one policy. Elsewhere, as in a branch of {@code CASE} that most rows do not take,
 * {@link JotFunctions} judges row by row.
 */
final class VerdictsInBatches extends ColumnarRule {
    @Override
    public Rule<SparkPlan> preColumnarTransitions() {
        return new Rule<>() {
            @Override
            public SparkPlan apply(SparkPlan plan) {
                return plan.transformUp(new AbstractPartialFunction<SparkPlan, SparkPlan>() {
                    @Override
                    public boolean isDefinedAt(SparkPlan node) {
                        return node instanceof ProjectExec || node instanceof FilterExec;
                    }

                    @Override
                    public SparkPlan apply(SparkPlan node) {
                        return node instanceof FilterExec filter ? filtered(filter) : projected(node);
                    }
                });
            }
        };
    }

    private static SparkPlan projected(SparkPlan project) {
        List<StaticInvoke> calls = new ArrayList<>();
        CollectionConverters.asJava(project.expressions()).forEach(expression -> find(expression, calls));
        return calls.isEmpty() ? project : over(project, calls);
    }

    /** What needs no verdict is asked first, so that only rows are judged that pass it. */
    private static SparkPlan filtered(FilterExec filter) {
        List<Expression> cheap = new ArrayList<>();
        List<Expression> rest = new ArrayList<>();
        List<StaticInvoke> calls = new ArrayList<>();
        split(filter.condition(), cheap, rest, calls);
        if (calls.isEmpty()) {
            return filter;
        }
        SparkPlan child = cheap.isEmpty() ? filter.child() : new FilterExec(all(cheap), filter.child());
        SparkPlan judged = over(new FilterExec(all(rest), child), calls);
        // Those above know nothing of the verdicts.
        return new ProjectExec(named(filter.output()), judged);
    }

    private static void split(Expression condition, List<Expression> cheap, List<Expression> rest, List<StaticInvoke> calls) {
        if (condition instanceof And both) {
            split(both.left(), cheap, rest, calls);
            split(both.right(), cheap, rest, calls);
            return;
        }
        int before = calls.size();
        find(condition, calls);
        (calls.size() == before ? cheap : rest).add(condition);
    }

    private static Expression all(List<Expression> conditions) {
        return conditions.stream().reduce(And::new).orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Seq<NamedExpression> named(Seq<Attribute> attributes) {
        return (Seq<NamedExpression>) (Seq<?>) attributes;
    }

    /** Finds the different calls that are made for every row. */
    private static void find(Expression expression, List<StaticInvoke> calls) {
        if (expression instanceof StaticInvoke call && isVerdict(call)) {
            if (calls.stream().noneMatch(call::semanticEquals)) {
                calls.add(call);
            }
            return;
        }
        CollectionConverters.asJava(always(expression)).forEach(child -> find(child, calls));
    }

    private static Seq<Expression> always(Expression expression) {
        return switch (expression) {
            case ConditionalExpression conditional -> conditional.alwaysEvaluatedInputs();
            case And both -> seq(List.of(both.left()));
            case Or either -> seq(List.of(either.left()));
            default -> expression.children();
        };
    }

    private static boolean isVerdict(StaticInvoke call) {
        return call.staticObject() == JotFunctions.class && call.functionName().equals(JotFunctions.ROW)
            && call.arguments().head() instanceof Literal policy && policy.value() != null;
    }

    /** Puts the verdicts below a node, and attributes in the place of the calls. */
    private static SparkPlan over(SparkPlan node, List<StaticInvoke> calls) {
        List<Attribute> results = new ArrayList<>();
        for (StaticInvoke call : calls) {
            results.add(new AttributeReference(
                "jot_verdict", JotFunctions.VERDICT, true, Metadata.empty(), NamedExpression.newExprId(), seq(List.of())));
        }
        SparkPlan judged = new JotVerdictsExec(node.children().head(), seq(calls), seq(results));
        SparkPlan replaced = node.transformExpressions(new AbstractPartialFunction<Expression, Expression>() {
            private Optional<Integer> call(Expression expression) {
                return IntStream.range(0, calls.size()).boxed()
                    .filter(i -> calls.get(i).semanticEquals(expression)).findFirst();
            }

            @Override
            public boolean isDefinedAt(Expression expression) {
                return call(expression).isPresent();
            }

            @Override
            public Expression apply(Expression expression) {
                return results.get(call(expression).orElseThrow());
            }
        });
        return replaced.withNewChildren(seq(List.of(judged)));
    }

    static <T> Seq<T> seq(List<? extends T> list) {
        List<T> copy = List.copyOf(list);
        return CollectionConverters.asScala(copy).toSeq();
    }
}
