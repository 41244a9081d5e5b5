(* The additions of Ed25519: right for all points of the curve.

   -x² + y² = 1 + d·x²·y², over any field in which -1 is a square and d is not, and whose
   characteristic is not 2. The formulas are those of Code.v. *)
From Coq Require Import List ZArith Permutation Ring Field Eqdep_dec.
From Proofs Require Code Multiples.
Import ListNotations.

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

(* --- The code's functions. *)

Notation extended := (K * K * K * K)%type.

Definition ed_plus := Code.ed_plus K plus minus times.
Definition ed_lanes_plus := Code.ed_lanes_plus K plus minus times.
Definition ed_lanes_minus := Code.ed_lanes_minus K plus minus times.
Definition ed_lanes_plus_point := Code.ed_lanes_plus_point K plus minus times d.

(* (X/Z, Y/Z) is the point, and T = XY/Z. *)
Definition stands_for (J : extended) (P : point) : Prop :=
  let '(X, Y, Z, T) := J in Z <> 0 /\ X = x_of P * Z /\ Y = y_of P * Z /\ T = x_of P * y_of P * Z.

(* y + x, y - x and 2dxy of a point. *)
Definition is_row (sum difference product : K) (P : point) : Prop :=
  sum = y_of P + x_of P /\ difference = y_of P - x_of P /\ product = d * x_of P * y_of P + d * x_of P * y_of P.

Theorem ed_plus_is_sum : forall J P s m p Q, stands_for J P -> is_row s m p Q ->
  let '(X, Y, Z, T) := J in stands_for (ed_plus X Y Z T s m p) (sum P Q).
Proof.
  intros [[[X Y] Z] T] P s m p Q (NZ & EX & EY & ET) (Es & Em & Ep).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point Q)) as [N N'].
  destruct P as [x1 y1 C1], Q as [x2 y2 C2]; cbn in *; subst.
  unfold ed_plus, Code.ed_plus, x_of_sum, y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N')
    (product_not_zero _ _ (product_not_zero _ _ two_is_not_zero NZ) (product_not_zero _ _ two_is_not_zero NZ))).
  rewrite <- E; ring.
Qed.

Theorem ed_doubled_is_double : forall J P, stands_for J P ->
  let '(X, Y, Z, T) := J in stands_for (Code.ed_doubled K plus minus times negated X Y Z) (sum P P).
Proof.
  intros [[[X Y] Z] T] P (NZ & EX & EY & ET).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P)) as [N N'].
  destruct P as [x y C]; cbn in *; subst. unfold Code.ed_doubled, x_of_sum, y_of_sum; cbv zeta.
  replace (y * Z * (y * Z) - x * Z * (x * Z)) with (Z * Z * (1 + d * (x * x * (y * y))))
    by (rewrite <- C; ring).
  replace (Z * Z * (1 + d * (x * x * (y * y))) - (Z * Z + Z * Z)) with (- (Z * Z * (1 - d * (x * x * (y * y)))))
    by ring.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ NZ NZ).
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ NN N) (product_not_zero _ _ NN N')).
  transitivity (- (- (Z * Z * (1 - d * (x * x * (y * y)))) * (Z * Z * (1 + d * (x * x * (y * y)))))); [ring | rewrite E; ring].
Qed.

Theorem ed_lanes_plus_is_ed_plus : ed_lanes_plus = ed_plus.
Proof. reflexivity. Qed.

Theorem ed_lanes_minus_is_difference : forall J P s m p Q, stands_for J P -> is_row s m p Q ->
  let '(X, Y, Z, T) := J in stands_for (ed_lanes_minus X Y Z T s m p) (sum P (opposite Q)).
Proof.
  intros [[[X Y] Z] T] P s m p Q (NZ & EX & EY & ET) (Es & Em & Ep).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point (opposite Q))) as [N N'].
  destruct P as [x1 y1 C1], Q as [x2 y2 C2]; cbn in *; subst.
  unfold ed_lanes_minus, Code.ed_lanes_minus, x_of_sum, y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N')
    (product_not_zero _ _ (product_not_zero _ _ two_is_not_zero NZ) (product_not_zero _ _ two_is_not_zero NZ))).
  rewrite <- E; ring.
Qed.

Theorem ed_lanes_plus_point_is_sum : forall J P J' P', stands_for J P -> stands_for J' P' ->
  let '(X, Y, Z, T) := J in let '(X', Y', Z', T') := J' in
  stands_for (ed_lanes_plus_point X Y Z T X' Y' Z' T') (sum P P').
Proof.
  intros [[[X Y] Z] T] P [[[X' Y'] Z'] T'] P' (NZ & EX & EY & ET) (NZ' & EX' & EY' & ET').
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P')) as [N N'].
  destruct P as [x1 y1 C1], P' as [x2 y2 C2]; cbn in *; subst.
  unfold ed_lanes_plus_point, Code.ed_lanes_plus_point, x_of_sum, y_of_sum; cbv zeta.
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ two_is_not_zero (product_not_zero _ _ NZ NZ')).
  intros E. apply (product_not_zero _ _ (product_not_zero _ _ N N') (product_not_zero _ _ NN NN)).
  rewrite <- E; ring.
Qed.

Theorem ed_lanes_doubled_is_double : forall J P, stands_for J P ->
  let '(X, Y, Z, T) := J in stands_for (Code.ed_lanes_doubled K plus minus times X Y Z) (sum P P).
Proof.
  intros [[[X Y] Z] T] P (NZ & EX & EY & ET).
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point P)) as [N N'].
  destruct P as [x y C]; cbn in *; subst. unfold Code.ed_lanes_doubled, x_of_sum, y_of_sum; cbv zeta.
  replace (y * Z * (y * Z) - x * Z * (x * Z)) with (Z * Z * (1 + d * (x * x * (y * y))))
    by (rewrite <- C; ring).
  replace (Z * Z + Z * Z + x * Z * (x * Z) - y * Z * (y * Z)) with (Z * Z * (1 - d * (x * x * (y * y))))
    by (transitivity (Z * Z + Z * Z - Z * Z * (y * y - x * x)); [rewrite C; ring | ring]).
  repeat apply conj; [ | field; auto | field; auto | field; auto ].
  assert (NN := product_not_zero _ _ NZ NZ).
  exact (product_not_zero _ _ (product_not_zero _ _ NN N') (product_not_zero _ _ NN N)).
Qed.

Theorem ed_lanes_affine_stands : forall P, stands_for (Code.ed_lanes_affine K one times (x_of P) (y_of P)) P.
Proof. intros P; repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_lanes_addend_is_row : forall P,
  let '(s, m, p) := Code.ed_lanes_addend K plus minus times d (x_of P) (y_of P) in is_row s m p P.
Proof. intros P; repeat apply conj; cbn; ring. Qed.

Theorem ed_lanes_identity_is_neutral : Code.ed_lanes_identity = Code.ed_neutral.
Proof. reflexivity. Qed.

Theorem ed_of_affine_stands : forall P, stands_for (Code.ed_of_affine K one times (x_of P) (y_of P)) P.
Proof. intros P; repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_niels_is_row : forall P,
  let '(s, m, p) := Code.ed_niels K plus minus times d (x_of P) (y_of P) in is_row s m p P.
Proof. intros P; repeat apply conj; cbn; ring. Qed.

Theorem ed_neutral_stands : stands_for (Code.ed_neutral K zero one) neutral.
Proof. repeat apply conj; cbn; [exact one_is_not_zero | ring | ring | ring]. Qed.

Theorem ed_turned_is_opposite : forall s m p P, is_row s m p P ->
  let '(s', m', p') := Code.ed_turned K zero minus s m p in is_row s' m' p' (opposite P).
Proof. intros s m p P (Es & Em & Ep); subst; repeat apply conj; cbn; ring. Qed.

Theorem ed_negated_is_opposite : forall P, 
  let '(x, y) := Code.ed_negated K negated (x_of P) (y_of P) in x = x_of (opposite P) /\ y = y_of (opposite P).
Proof. intros P; split; reflexivity. Qed.

Theorem ed_is_on_curve : forall x y,
  Code.ed_is_on_curve K one plus minus times d x y <-> exists P, x_of P = x /\ y_of P = y.
Proof.
  intros x y; split.
  - intros C. exists {| is_point := C |}; split; reflexivity.
  - intros ([x' y' C] & <- & <-); exact C.
Qed.

(* --- The test of rows, whose numbers are all times a scale. *)

Definition is_stored (scale s m p : K) (P : point) : Prop :=
  s = (y_of P + x_of P) * scale /\ m = (y_of P - x_of P) * scale /\
  p = (d * x_of P * y_of P + d * x_of P * y_of P) * scale.

(* With R·r = 1 and 8·2^253 = R = 2^256, the code's numbers are what they should be. *)
Theorem ed_scale_is_right : forall r R E, R * r = 1 ->
  (1 + 1) * ((1 + 1) * (1 + 1)) * E = R ->
  let '(scale, inverse, twice_d, eighth) := Code.ed_scale K plus times d r R E in
  scale = r /\ scale * inverse = 1 /\ twice_d = (d + d) * inverse /\ (1 + 1) * ((1 + 1) * (1 + 1)) * eighth = 1.
Proof.
  intros r R E ER EE. cbn. repeat apply conj; [reflexivity | | reflexivity | ].
  - etransitivity; [ | exact ER]; ring.
  - transitivity ((1 + 1) * ((1 + 1) * (1 + 1)) * E * r); [ring | rewrite EE; exact ER].
Qed.

Theorem ed_stored_is_stored : forall scale unscale P, scale * unscale = 1 ->
  let '(s, m, p) := Code.ed_stored K plus minus times ((d + d) * unscale) (x_of P * scale) (y_of P * scale) in
  is_stored scale s m p P.
Proof.
  intros scale unscale [x y C] E. cbn. repeat apply conj; cbn; [ring | ring | ].
  transitivity ((d * x * y + d * x * y) * scale * (scale * unscale)); [ring | rewrite E; ring].
Qed.

Theorem ed_is_sum_tells_sum : forall scale unscale eighth s m p P s' m' p' Q S D T,
  scale * unscale = 1 -> (1 + 1) * ((1 + 1) * (1 + 1)) * eighth = 1 ->
  is_stored scale s m p P -> is_stored scale s' m' p' Q ->
  let '(sum', difference', half_xy') := Code.ed_summand K plus minus times unscale eighth s' m' in
  Code.ed_is_sum K plus minus times ((d + d) * unscale) S D T s m p sum' difference' half_xy' ->
  is_stored scale S D T (sum P Q).
Proof.
  intros scale unscale eighth s m p P s' m' p' Q S D T EI E8 (Es & Em & Ep) (Es' & Em' & Ep').
  destruct (addition_is_complete _ _ _ _ (is_point P) (is_point Q)) as [N N'].
  destruct P as [x y C], Q as [x' y' C']; cbn in *.
  unfold Code.ed_is_sum; cbv zeta; intros (E1 & E2 & E3).
  assert (Nscale : scale <> 0) by (intros Z; apply one_is_not_zero; transitivity (scale * unscale); [symmetry; exact EI | rewrite Z; ring]).
  assert (N8 : (1 + 1) * ((1 + 1) * (1 + 1)) <> 0)
    by (exact (product_not_zero _ _ two_is_not_zero (product_not_zero _ _ two_is_not_zero two_is_not_zero))).
  assert (I : unscale = 1 / scale).
  { transitivity (scale * unscale / scale); [field; exact Nscale | rewrite EI; reflexivity]. }
  assert (I8 : eighth = 1 / ((1 + 1) * ((1 + 1) * (1 + 1)))).
  { transitivity ((1 + 1) * ((1 + 1) * (1 + 1)) * eighth / ((1 + 1) * ((1 + 1) * (1 + 1))));
      [field; repeat split; first [exact N8 | exact two_is_not_zero] | rewrite E8; reflexivity]. }
  set (k := d * (x * x' * (y * y'))) in *.
  assert (K1 : p * ((s' * unscale + m' * unscale) * (s' * unscale - m' * unscale) * eighth * unscale) = k).
  { subst p s' m' unscale eighth; unfold k. field; repeat split; first [exact N8 | exact two_is_not_zero | exact Nscale]. }
  rewrite K1 in E1, E2.
  assert (Es2 : s' * unscale = y' + x') by (subst s' unscale; field; exact Nscale).
  assert (Em2 : m' * unscale = y' - x') by (subst m' unscale; field; exact Nscale).
  rewrite Es2 in E1. rewrite Em2 in E2. rewrite Es in E1. rewrite Em in E2.
  assert (EM : S - D = ((1 + 1) * ((x * y' + x' * y) * scale)) / (1 + k)).
  { transitivity ((S - D * k - (D - S * k)) / (1 + k)); [field; exact N | rewrite E1, E2; field; exact N]. }
  assert (EP : S + D = ((1 + 1) * ((y * y' + x * x') * scale)) / (1 - k)).
  { transitivity ((S - D * k + (D - S * k)) / (1 - k)); [field; exact N' | rewrite E1, E2; field; exact N']. }
  repeat apply conj; cbn; unfold x_of_sum, y_of_sum; fold k.
  - transitivity ((S + D + (S - D)) / (1 + 1)); [field; exact two_is_not_zero | ].
    rewrite EP, EM. field; repeat split; first [assumption | exact two_is_not_zero].
  - transitivity ((S + D - (S - D)) / (1 + 1)); [field; exact two_is_not_zero | ].
    rewrite EP, EM. field; repeat split; first [assumption | exact two_is_not_zero].
  - transitivity ((T + T + (T + T)) / ((1 + 1) * (1 + 1)));
      [field; repeat split; first [exact two_is_not_zero | exact (product_not_zero _ _ two_is_not_zero two_is_not_zero)] | ].
    rewrite <- E3, EP, EM, I. field; repeat split;
      first [assumption | exact two_is_not_zero | exact (product_not_zero _ _ two_is_not_zero two_is_not_zero)].
Qed.

(* --- Any order of additions. *)

Inductive order : Type :=
  | Neutral
  | Point (x y : K)
  | Plus (before : order) (s m p : K)
  | Turned (before : order) (s m p : K)
  | Minus (before : order) (s m p : K)
  | Both (left right : order)
  | Double (before : order).

Fixpoint computed (t : order) : extended :=
  match t with
  | Neutral => Code.ed_neutral K zero one
  | Point x y => Code.ed_lanes_affine K one times x y
  | Plus t s m p => let '(X, Y, Z, T) := computed t in ed_lanes_plus X Y Z T s m p
  | Turned t s m p =>
      let '(X, Y, Z, T) := computed t in
      let '(s', m', p') := Code.ed_turned K zero minus s m p in ed_plus X Y Z T s' m' p'
  | Minus t s m p => let '(X, Y, Z, T) := computed t in ed_lanes_minus X Y Z T s m p
  | Both t t' =>
      let '(X, Y, Z, T) := computed t in
      let '(X', Y', Z', T') := computed t' in ed_lanes_plus_point X Y Z T X' Y' Z' T'
  | Double t => let '(X, Y, Z, _) := computed t in Code.ed_lanes_doubled K plus minus times X Y Z
  end.

Inductive of_points : order -> list point -> Prop :=
  | of_neutral : of_points Neutral []
  | of_point P : of_points (Point (x_of P) (y_of P)) [P]
  | of_plus t L s m p P : of_points t L -> is_row s m p P -> of_points (Plus t s m p) (L ++ [P])
  | of_turned t L s m p P : of_points t L -> is_row s m p P -> of_points (Turned t s m p) (L ++ [opposite P])
  | of_minus t L s m p P : of_points t L -> is_row s m p P -> of_points (Minus t s m p) (L ++ [opposite P])
  | of_both t L t' L' : of_points t L -> of_points t' L' -> of_points (Both t t') (L ++ L')
  | of_double t L : of_points t L -> of_points (Double t) (L ++ L).

Notation total := (Multiples.total neutral sum).

Lemma total_app : forall L L', total (L ++ L') = sum (total L) (total L').
Proof. exact (Multiples.total_app neutral sum neutral_is_neutral sum_is_associative). Qed.

Lemma total_one : forall P, total [P] = P.
Proof. intros P; cbn. rewrite sum_is_commutative. apply neutral_is_neutral. Qed.

(* Every sum is right, whatever the order and the points. *)
Theorem sum_is_right : forall t L, of_points t L -> stands_for (computed t) (total L).
Proof.
  induction 1 as [ | P | t L s m p P _ IH A | t L s m p P _ IH A | t L s m p P _ IH A | t L t' L' _ IH _ IH' | t L _ IH];
    rewrite ?total_app, ?total_one; cbn [computed].
  - exact ed_neutral_stands.
  - apply ed_lanes_affine_stands.
  - destruct (computed t) as [[[X Y] Z] T].
    rewrite ed_lanes_plus_is_ed_plus. exact (ed_plus_is_sum (X, Y, Z, T) _ _ _ _ _ IH A).
  - destruct (computed t) as [[[X Y] Z] T]. assert (A' := ed_turned_is_opposite _ _ _ _ A).
    destruct (Code.ed_turned K zero minus s m p) as [[s' m'] p'].
    exact (ed_plus_is_sum (X, Y, Z, T) _ _ _ _ _ IH A').
  - destruct (computed t) as [[[X Y] Z] T]. exact (ed_lanes_minus_is_difference (X, Y, Z, T) _ _ _ _ _ IH A).
  - destruct (computed t) as [[[X Y] Z] T], (computed t') as [[[X' Y'] Z'] T'].
    exact (ed_lanes_plus_point_is_sum (X, Y, Z, T) _ (X', Y', Z', T') _ IH IH').
  - destruct (computed t) as [[[X Y] Z] T]. exact (ed_lanes_doubled_is_double (X, Y, Z, T) _ IH).
Qed.

(* B and A are the points of the tables; each row of the digits is added once. *)
Theorem comb_is_right : forall B A (D E : list Z) order L,
  of_points order L ->
  Permutation L (Multiples.rows_of neutral sum opposite B D ++ Multiples.rows_of neutral sum opposite A E) ->
  stands_for (computed order)
    (sum (Multiples.times neutral sum opposite (Multiples.value D) B)
         (Multiples.times neutral sum opposite (Multiples.value E) A)).
Proof.
  intros B A D E order L O R.
  rewrite <- (Multiples.comb_is_sum sum opposite neutral_is_neutral sum_is_commutative sum_is_associative
    opposite_is_inverse B A D E R).
  exact (sum_is_right _ _ O).
Qed.

End Curve.
