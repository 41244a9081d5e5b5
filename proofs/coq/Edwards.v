(* The curve of Ed25519 and its group: the addition is right for all points.

   -x² + y² = 1 + d·x²·y², over any field in which -1 is a square and d is not, and whose
   characteristic is not 2. *)
From Coq Require Import Ring Field Eqdep_dec.

Section Curve.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated inverse : K -> K).
Variable divided : K -> K -> K.
Variables d i : K.

Notation "x + y" := (plus x y).
Notation "x * y" := (times x y).
Notation "x - y" := (minus x y).
Notation "- x" := (negated x).
Notation "x / y" := (divided x y).
Notation "0" := zero.
Notation "1" := one.

Hypothesis theory : field_theory zero one plus times minus negated divided inverse (@eq K).
Hypothesis equal_or_not : forall x y : K, x = y \/ x <> y.
Hypothesis two_is_not_zero : 1 + 1 <> 0.
Hypothesis i_squared : i * i = - (1).
Hypothesis d_is_no_square : forall x, x * x <> d.

Add Field K_field : theory.

Lemma product_not_zero : forall x y, x <> 0 -> y <> 0 -> x * y <> 0.
Proof. 
  intros x y Nx Ny E. apply Nx. transitivity ((x * y) / y); [field; exact Ny | rewrite E; field; exact Ny].
Qed.

Lemma factor_not_zero : forall x y, x * y <> 0 -> x <> 0 /\ y <> 0.
Proof. intros x y N; split; intros E; apply N; rewrite E; ring. Qed.

Lemma one_is_not_zero : 1 <> 0.
Proof. exact theory.(F_1_neq_0). Qed.

Lemma d_is_not_zero : d <> 0.
Proof. intros E. apply (d_is_no_square 0). rewrite E; ring. Qed.

Definition on_curve (x y : K) : Prop := y * y - x * x = 1 + d * (x * x * (y * y)).

Lemma d_is_no_quotient : forall u v, u <> 0 -> d * (u * u) <> v * v.
Proof.
  intros u v N E. apply (d_is_no_square (v / u)).
  transitivity ((v * v) / (u * u)); [field; exact N | rewrite <- E; field; exact N].
Qed.

(* The denominators of the law are never 0. *)
Lemma k_is_no_root_of_one : forall x1 y1 x2 y2, on_curve x1 y1 -> on_curve x2 y2 ->
  let k := d * (x1 * x2 * (y1 * y2)) in k * k <> 1.
Proof.
  intros x1 y1 x2 y2 C1 C2 k E; unfold on_curve in C1, C2.
  assert (N : k * k <> 0) by (rewrite E; exact one_is_not_zero).
  apply factor_not_zero in N; destruct N as [N _]; unfold k in N.
  apply factor_not_zero in N; destruct N as [_ N].
  apply factor_not_zero in N; destruct N as [N N'].
  apply factor_not_zero in N; destruct N as [Nx1 Nx2].
  apply factor_not_zero in N'; destruct N' as [Ny1 Ny2].
  assert (Plus : d * (x1 * y1 * (i * x2 + y2) * (x1 * y1 * (i * x2 + y2))) = (i * x1 + k * y1) * (i * x1 + k * y1)).
  { transitivity (d * (x1 * x1 * (y1 * y1)) * (i * i * (x2 * x2) + y2 * y2) + (1 + 1) * (i * x1) * (k * y1)); 
      [unfold k; ring | ].
    replace (i * i * (x2 * x2) + y2 * y2) with (1 + d * (x2 * x2 * (y2 * y2)))
      by (rewrite <- C2, i_squared; ring).
    transitivity (d * (x1 * x1 * (y1 * y1)) + k * k + (1 + 1) * (i * x1) * (k * y1)); [unfold k; ring | ].
    transitivity (i * i * (x1 * x1) + k * k * (y1 * y1) + (1 + 1) * (i * x1) * (k * y1)); [ | ring].
    rewrite E, i_squared. replace (d * (x1 * x1 * (y1 * y1))) with (y1 * y1 - x1 * x1 - 1) by (rewrite C1; ring).
    ring. }
  assert (Minus : d * (x1 * y1 * (i * x2 - y2) * (x1 * y1 * (i * x2 - y2))) = (i * x1 - k * y1) * (i * x1 - k * y1)).
  { transitivity (d * (x1 * x1 * (y1 * y1)) * (i * i * (x2 * x2) + y2 * y2) - (1 + 1) * (i * x1) * (k * y1)); 
      [unfold k; ring | ].
    replace (i * i * (x2 * x2) + y2 * y2) with (1 + d * (x2 * x2 * (y2 * y2)))
      by (rewrite <- C2, i_squared; ring).
    transitivity (d * (x1 * x1 * (y1 * y1)) + k * k - (1 + 1) * (i * x1) * (k * y1)); [unfold k; ring | ].
    transitivity (i * i * (x1 * x1) + k * k * (y1 * y1) - (1 + 1) * (i * x1) * (k * y1)); [ | ring].
    rewrite E, i_squared. replace (d * (x1 * x1 * (y1 * y1))) with (y1 * y1 - x1 * x1 - 1) by (rewrite C1; ring).
    ring. }
  destruct (equal_or_not (i * x2 + y2) 0) as [Z | N].
  - destruct (equal_or_not (i * x2 - y2) 0) as [Z' | N].
    + apply (product_not_zero _ _ two_is_not_zero Ny2).
      transitivity ((i * x2 + y2) - (i * x2 - y2)); [ring | rewrite Z, Z'; ring].
    + apply (d_is_no_quotient _ (i * x1 - k * y1) (product_not_zero _ _ (product_not_zero _ _ Nx1 Ny1) N)).
      exact Minus.
  - apply (d_is_no_quotient _ (i * x1 + k * y1) (product_not_zero _ _ (product_not_zero _ _ Nx1 Ny1) N)).
    exact Plus.
Qed.

Theorem addition_is_complete : forall x1 y1 x2 y2, on_curve x1 y1 -> on_curve x2 y2 ->
  1 + d * (x1 * x2 * (y1 * y2)) <> 0 /\ 1 - d * (x1 * x2 * (y1 * y2)) <> 0.
Proof.
  intros x1 y1 x2 y2 C1 C2. assert (N := k_is_no_root_of_one _ _ _ _ C1 C2); cbv zeta in N.
  set (k := d * (x1 * x2 * (y1 * y2))) in *. split; intros E; apply N.
  - transitivity (1 - (1 - k) * (1 + k)); [ring | rewrite E; ring].
  - transitivity (1 - (1 - k) * (1 + k)); [ring | rewrite E; ring].
Qed.

(* The law. *)
Definition x_of_sum (x1 y1 x2 y2 : K) : K := (x1 * y2 + x2 * y1) / (1 + d * (x1 * x2 * (y1 * y2))).
Definition y_of_sum (x1 y1 x2 y2 : K) : K := (y1 * y2 + x1 * x2) / (1 - d * (x1 * x2 * (y1 * y2))).

Lemma of_difference : forall x y, x - y = 0 -> x = y.
Proof. intros x y E. transitivity (x - y + y); [ring | rewrite E; ring]. Qed.

Lemma of_quotients : forall x1 y1 x2 y2, y1 <> 0 -> y2 <> 0 -> x1 * y2 = x2 * y1 -> x1 / y1 = x2 / y2.
Proof.
  intros x1 y1 x2 y2 N1 N2 E. transitivity ((x1 * y2) / (y1 * y2)); [field; auto | rewrite E; field; auto].
Qed.

(* The cofactors were found by Singular; the ring tactic checks them. *)
Theorem sum_is_on_curve : forall x1 y1 x2 y2, on_curve x1 y1 -> on_curve x2 y2 ->
  on_curve (x_of_sum x1 y1 x2 y2) (y_of_sum x1 y1 x2 y2).
Proof.
  intros x1 y1 x2 y2 C1 C2. destruct (addition_is_complete _ _ _ _ C1 C2) as [P M].
  unfold on_curve, x_of_sum, y_of_sum. 
  apply of_difference.
  match goal with |- ?e = _ => transitivity ((
    (x1 * x1 * y1 * y1 * x2 * x2 * x2 * x2 * d + x1 * x1 * y1 * y1 * y2 * y2 * y2 * y2 * d + (1+1) * x1 * x1 * y1 * y1 * x2 * x2 * d - (1+1) * x1 * x1 * y1 * y1 * y2 * y2 * d + (1+1) * x1 * x1 * y1 * y1 * x2 * x2 - (1+1) * x1 * x1 * y1 * y1 * y2 * y2 + x1 * x1 * y1 * y1 * d + (1+1) * x1 * x1 * y1 * y1 - x1 * x1 * x2 * x2 + y1 * y1 * x2 * x2 + x1 * x1 * y2 * y2 - y1 * y1 * y2 * y2 - x1 * x1 + y1 * y1 + (1)) * (y1 * y1 - x1 * x1 - (1 + d * (x1 * x1 * (y1 * y1)))) +
    (x1 * x1 * x1 * x1 * y1 * y1 * y1 * y1 * x2 * x2 * y2 * y2 * d * d * d - x1 * x1 * x1 * x1 * y1 * y1 * y1 * y1 * x2 * x2 * d * d + x1 * x1 * x1 * x1 * y1 * y1 * y1 * y1 * y2 * y2 * d * d - x1 * x1 * x1 * x1 * y1 * y1 * y1 * y1 * d * d - (1+1) * x1 * x1 * x1 * x1 * y1 * y1 * y1 * y1 * d - x1 * x1 * x1 * x1 * y1 * y1 * x2 * x2 * d + x1 * x1 * y1 * y1 * y1 * y1 * x2 * x2 * d + x1 * x1 * x1 * x1 * y1 * y1 * y2 * y2 * d - x1 * x1 * y1 * y1 * y1 * y1 * y2 * y2 * d - (1+1) * x1 * x1 * x1 * x1 * y1 * y1 + (1+1) * x1 * x1 * y1 * y1 * y1 * y1 - (1+1) * x1 * x1 * y1 * y1 * d + x1 * x1 * x1 * x1 - (1+1+1+1) * x1 * x1 * y1 * y1 + y1 * y1 * y1 * y1) * (y2 * y2 - x2 * x2 - (1 + d * (x2 * x2 * (y2 * y2))))) /
    ((1 + d * (x1 * x2 * (y1 * y2))) * (1 + d * (x1 * x2 * (y1 * y2))) *
     ((1 - d * (x1 * x2 * (y1 * y2))) * (1 - d * (x1 * x2 * (y1 * y2)))))) end.
  - field; auto.
  - rewrite C1, C2. field; auto.
Qed.

(* --- The group. *)

Record point : Set := { x_of : K; y_of : K; is_point : on_curve x_of y_of }.

Lemma same_coordinates : forall P Q, x_of P = x_of Q -> y_of P = y_of Q -> P = Q.
Proof.
  intros [x1 y1 C1] [x2 y2 C2]; cbn; intros -> ->.
  rewrite (eq_proofs_unicity equal_or_not C1 C2); reflexivity.
Qed.

Definition sum (P Q : point) : point :=
  {| x_of := x_of_sum (x_of P) (y_of P) (x_of Q) (y_of Q);
     y_of := y_of_sum (x_of P) (y_of P) (x_of Q) (y_of Q);
     is_point := sum_is_on_curve _ _ _ _ (is_point P) (is_point Q) |}.

Lemma neutral_is_on_curve : on_curve 0 1.
Proof. unfold on_curve; ring. Qed.

Definition neutral : point := {| is_point := neutral_is_on_curve |}.

Lemma opposite_is_on_curve : forall x y, on_curve x y -> on_curve (- x) y.
Proof. unfold on_curve; intros x y C. transitivity (y * y - x * x); [ring | rewrite C; ring]. Qed.

Definition opposite (P : point) : point := {| is_point := opposite_is_on_curve _ _ (is_point P) |}.

Theorem sum_is_commutative : forall P Q, sum P Q = sum Q P.
Proof.
  intros [x1 y1 C1] [x2 y2 C2]; destruct (addition_is_complete _ _ _ _ C1 C2) as [N N'].
  apply same_coordinates; cbn; unfold x_of_sum, y_of_sum; field; repeat split; intros E;
    first [apply N; rewrite <- E; ring | apply N'; rewrite <- E; ring].
Qed.

Theorem neutral_is_neutral : forall P, sum neutral P = P.
Proof.
  intros [x y C]; apply same_coordinates; cbn; unfold x_of_sum, y_of_sum; field; intros E;
    apply one_is_not_zero; rewrite <- E; ring.
Qed.

Theorem opposite_is_inverse : forall P, sum P (opposite P) = neutral.
Proof.
  intros P; destruct (addition_is_complete _ _ _ _ (is_point P) (is_point (opposite P))) as [N N'].
  destruct P as [x y C]; cbn in N, N'. apply same_coordinates; cbn; unfold x_of_sum, y_of_sum.
  - transitivity (0 / (1 + d * (x * - x * (y * y)))); [f_equal; ring | field; exact N].
  - transitivity ((1 - d * (x * - x * (y * y))) / (1 - d * (x * - x * (y * y)))); [ | field; exact N'].
    f_equal. transitivity (y * y - x * x); [ring | rewrite C; ring].
Qed.

Section Association.
  Variables x1 y1 x2 y2 x3 y3 : K.
  Hypothesis C1 : on_curve x1 y1.
  Hypothesis C2 : on_curve x2 y2.
  Hypothesis C3 : on_curve x3 y3.
  Notation k := (d * (x1 * x2 * (y1 * y2))).
  Notation k' := (d * (x2 * x3 * (y2 * y3))).
  Notation A := (x1 * y2 + x2 * y1).
  Notation B := (y1 * y2 + x1 * x2).
  Notation A' := (x2 * y3 + x3 * y2).
  Notation B' := (y2 * y3 + x2 * x3).

  Lemma curve_as_rule : forall x y, on_curve x y -> x * x * (y * y) = 1 / d * (y * y - x * x - 1).
  Proof.
    intros x y C. transitivity (1 / d * (1 + d * (x * x * (y * y)) - 1)); [field | rewrite <- C; ring].
    exact d_is_not_zero.
  Qed.

  Ltac by_rules :=
    assert (E0 : d * (1 / d) = 1) by (field; exact d_is_not_zero);
    assert (E1 := curve_as_rule _ _ C1); assert (E2 := curve_as_rule _ _ C2); 
    assert (E3 := curve_as_rule _ _ C3);
    revert E0 E1 E2 E3; generalize (1 / d); intros e E0 E1 E2 E3; ring [E0 E1 E2 E3].

  Lemma numerators_of_x :
    (A * (1 - k) * y3 + x3 * B * (1 + k)) * ((1 + k') * (1 - k') + d * (x1 * A' * (y1 * B'))) =
    (x1 * B' * (1 + k') + A' * (1 - k') * y1) * ((1 + k) * (1 - k) + d * (A * x3 * (B * y3))).
  Proof. by_rules. Qed.

  Lemma numerators_of_y :
    (B * (1 + k) * y3 + A * (1 - k) * x3) * ((1 + k') * (1 - k') - d * (x1 * A' * (y1 * B'))) =
    (y1 * B' * (1 + k') + x1 * A' * (1 - k')) * ((1 + k) * (1 - k) - d * (A * x3 * (B * y3))).
  Proof. by_rules. Qed.

  Lemma crossed : forall n1 d1 n2 d2 q1 q2, q1 <> 0 -> q2 <> 0 -> d1 / q1 <> 0 -> d2 / q2 <> 0 ->
    n1 * d2 = n2 * d1 -> (n1 / q1) / (d1 / q1) = (n2 / q2) / (d2 / q2).
  Proof.
    intros n1 d1 n2 d2 q1 q2 N1 N2 M1 M2 E. apply of_quotients; trivial.
    transitivity ((n1 * d2) / (q1 * q2)); [field; auto | rewrite E; field; auto].
  Qed.

  Lemma association :
    x_of_sum (x_of_sum x1 y1 x2 y2) (y_of_sum x1 y1 x2 y2) x3 y3 =
    x_of_sum x1 y1 (x_of_sum x2 y2 x3 y3) (y_of_sum x2 y2 x3 y3) /\
    y_of_sum (x_of_sum x1 y1 x2 y2) (y_of_sum x1 y1 x2 y2) x3 y3 =
    y_of_sum x1 y1 (x_of_sum x2 y2 x3 y3) (y_of_sum x2 y2 x3 y3).
  Proof.
    destruct (addition_is_complete _ _ _ _ C1 C2) as [P M].
    destruct (addition_is_complete _ _ _ _ C2 C3) as [P' M'].
    destruct (addition_is_complete _ _ _ _ (sum_is_on_curve _ _ _ _ C1 C2) C3) as [P12 M12].
    destruct (addition_is_complete _ _ _ _ C1 (sum_is_on_curve _ _ _ _ C2 C3)) as [P23 M23].
    assert (Q := product_not_zero _ _ P M). assert (Q' := product_not_zero _ _ P' M').
    unfold x_of_sum, y_of_sum in *.
    replace (A / (1 + k) * y3 + x3 * (B / (1 - k)))
      with ((A * (1 - k) * y3 + x3 * B * (1 + k)) / ((1 + k) * (1 - k))) by (field; auto).
    replace (B / (1 - k) * y3 + A / (1 + k) * x3)
      with ((B * (1 + k) * y3 + A * (1 - k) * x3) / ((1 + k) * (1 - k))) by (field; auto).
    replace (x1 * (B' / (1 - k')) + A' / (1 + k') * y1)
      with ((x1 * B' * (1 + k') + A' * (1 - k') * y1) / ((1 + k') * (1 - k'))) by (field; auto).
    replace (y1 * (B' / (1 - k')) + x1 * (A' / (1 + k')))
      with ((y1 * B' * (1 + k') + x1 * A' * (1 - k')) / ((1 + k') * (1 - k'))) by (field; auto).
    replace (1 + d * (A / (1 + k) * x3 * (B / (1 - k) * y3)))
      with (((1 + k) * (1 - k) + d * (A * x3 * (B * y3))) / ((1 + k) * (1 - k))) in * by (field; auto).
    replace (1 - d * (A / (1 + k) * x3 * (B / (1 - k) * y3)))
      with (((1 + k) * (1 - k) - d * (A * x3 * (B * y3))) / ((1 + k) * (1 - k))) in * by (field; auto).
    replace (1 + d * (x1 * (A' / (1 + k')) * (y1 * (B' / (1 - k')))))
      with (((1 + k') * (1 - k') + d * (x1 * A' * (y1 * B'))) / ((1 + k') * (1 - k'))) in * by (field; auto).
    replace (1 - d * (x1 * (A' / (1 + k')) * (y1 * (B' / (1 - k')))))
      with (((1 + k') * (1 - k') - d * (x1 * A' * (y1 * B'))) / ((1 + k') * (1 - k'))) in * by (field; auto).
    split; apply crossed; trivial; [exact numerators_of_x | exact numerators_of_y].
  Qed.
End Association.

Theorem sum_is_associative : forall P Q R, sum P (sum Q R) = sum (sum P Q) R.
Proof.
  intros P Q R. destruct (association _ _ _ _ _ _ (is_point P) (is_point Q) (is_point R)) as [X Y].
  symmetry; apply same_coordinates; assumption.
Qed.

End Curve.
