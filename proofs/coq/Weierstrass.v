(* Points of ECDSA and their additions: a Z that is not 0 proves the sum.

   The formulas are those of Code.v, which is what accel's code computed with symbols.
   The curve and its group are those of Coqprime, over any field whose characteristic
   is not 2; that the group is one is Coqprime's theorem. *)
From Coq Require Import Ring Field.
From Coqprime Require Import SMain.
From Proofs Require Code.

Set Implicit Arguments.

Section Curve.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated inverse : K -> K).
Variable divided : K -> K -> K.
Variables a b : K.
Variable is_zero : K -> bool.
Hypothesis theory : ell_theory zero one plus times minus negated inverse divided a b is_zero.

Notation "x + y" := (plus x y).
Notation "x * y" := (times x y).
Notation "x - y" := (minus x y).
Notation "0" := zero.
Notation "1" := one.

Add Field K_field : theory.(Kfth).

Notation point := (elt one plus times a b).
Notation infinity := (inf_elt one plus times a b).
Notation sum := (add theory).
Notation opposite := (opp theory).
Notation triple := (K * K * K)%type.

Definition Z_of (J : triple) : K := snd J.

(* (X/Z², Y/Z³) is the point P. *)
Definition stands_for (J : triple) (P : point) : Prop :=
  let '(X, Y, Z) := J in
  Z <> 0 /\ exists x y H, P = curve_elt one plus times a b x y H /\ X = x * (Z * Z) /\ Y = y * (Z * Z * Z).

(* Affine points: (x, y) is the point P. *)
Definition is_affine (x y : K) (P : point) : Prop := exists H, P = curve_elt one plus times a b x y H.

(* The code's functions. *)
Definition plus_affine := Code.plus_affine K plus minus times.
Definition lanes_plus := Code.lanes_plus K plus minus times.
Definition lanes_minus := Code.lanes_minus K plus minus times negated.
Definition lanes_plus_point := Code.lanes_plus_point K plus minus times.
Definition lanes_doubled_minus_3 := Code.lanes_doubled_minus_3 K zero plus minus times.
Definition lanes_doubled_0 := Code.lanes_doubled_0 K zero plus minus times.
Definition of_affine := Code.of_affine K one.
Definition negated_affine := Code.negated_affine K negated.

Lemma factors_not_zero : forall x y, x * y <> 0 -> x <> 0 /\ y <> 0.
Proof. intros x y H; split; intros E; apply H; rewrite E; ring. Qed.

Lemma product_not_zero : forall x y, x <> 0 -> y <> 0 -> x * y <> 0.
Proof. intros; apply (Kmult_integral_contrapositive theory); assumption. Qed.

Lemma one_is_not_zero : 1 <> 0.
Proof. exact theory.(one_not_zero). Qed.

(* --- Single additions. In each, Z of the sum is a multiple of Z, and of what is 0 for
   equal and for opposite points. *)

Ltac code := unfold plus_affine, lanes_plus, lanes_minus, lanes_plus_point,
  lanes_doubled_minus_3, lanes_doubled_0,
  Code.plus_affine, Code.lanes_plus, Code.lanes_minus, Code.lanes_plus_point,
  Code.lanes_doubled_minus_3, Code.lanes_doubled_0, Z_of in *; cbn [fst snd] in *; cbv zeta in *.

(* x1 and x2 of points that are neither equal nor opposite differ, and then the sum is on
   the chord. *)
Lemma chord : forall x1 y1 x2 y2 H1 H2, x1 <> x2 -> exists H3,
  sum (curve_elt one plus times a b x1 y1 H1) (curve_elt one plus times a b x2 y2 H2) =
  let l := divided (y2 - y1) (x2 - x1) in
  let x3 := l * l - x1 - x2 in
  curve_elt one plus times a b x3 (negated y1 - l * (x3 - x1)) H3.
Proof.
  intros x1 y1 x2 y2 H1 H2 D. unfold add.
  destruct (Kdec theory x1 x2) as [E | N]; [contradiction | ].
  eexists; reflexivity.
Qed.

Ltac on_chord H1 H2 D :=
  let H3 := fresh "H3" in
  destruct (@chord _ _ _ _ H1 H2 D) as (H3 & ->);
  split; [ assumption | do 3 eexists; split; [ reflexivity | split; field; repeat split; auto ] ].

Lemma minus_not_zero : forall x y, x - y <> 0 -> y <> x.
Proof. intros x y N E; apply N; rewrite E; ring. Qed.

Theorem plus_affine_is_sum : forall J P x y Q,
  stands_for J P -> is_affine x y Q ->
  let '(X, Y, Z) := J in
  let S := plus_affine X Y Z x y in
  Z_of S <> 0 -> stands_for S (sum P Q).
Proof.
  intros [[X Y] Z] P x y Q (NZ & x1 & y1 & H1 & EP & EX & EY) (H2 & EQ) S; subst P Q X Y.
  unfold S; clear S; code. intros N.
  assert (D : x - x1 <> 0).
  { intros E. apply N. transitivity (Z * Z * Z * (x - x1)); [ring | rewrite E; ring]. }
  on_chord H1 H2 (minus_not_zero D).
Qed.

(* The formula of the lanes is the same, step by step. *)
Theorem lanes_plus_is_plus_affine : lanes_plus = plus_affine.
Proof. reflexivity. Qed.

Theorem lanes_minus_is_difference : forall J P x y Q,
  stands_for J P -> is_affine x y Q ->
  let '(X, Y, Z) := J in
  let S := lanes_minus X Y Z x y in
  Z_of S <> 0 -> stands_for S (sum P (opposite Q)).
Proof.
  intros [[X Y] Z] P x y Q (NZ & x1 & y1 & H1 & EP & EX & EY) (H2 & EQ) S; subst P Q X Y.
  unfold S; clear S; code. intros N. cbn [opp].
  assert (D : x - x1 <> 0).
  { intros E. apply N. transitivity (Z * Z * Z * (x - x1)); [ring | rewrite E; ring]. }
  on_chord H1 (opp_lem theory x y H2) (minus_not_zero D).
Qed.

Theorem lanes_plus_point_is_sum : forall J P J' P',
  stands_for J P -> stands_for J' P' ->
  let '(X, Y, Z) := J in let '(X', Y', Z') := J' in
  let S := lanes_plus_point X Y Z X' Y' Z' in
  Z_of S <> 0 -> stands_for S (sum P P').
Proof.
  intros [[X Y] Z] P [[X' Y'] Z'] P' (NZ & x1 & y1 & H1 & EP & EX & EY) (NZ' & x2 & y2 & H2 & EP' & EX' & EY') S.
  subst P P' X Y X' Y'. unfold S; clear S; code. intros N.
  assert (D : x2 - x1 <> 0).
  { intros E. apply N.
    transitivity (Z * Z * Z * (Z' * Z' * Z') * (x2 - x1)); [ring | rewrite E; ring]. }
  on_chord H1 H2 (minus_not_zero D).
Qed.

(* Z = 0 stays: a Z that is not 0 proves that no Z before it was. *)
Theorem plus_affine_keeps_zero : forall X Y Z x y, Z_of (plus_affine X Y Z x y) <> 0 -> Z <> 0.
Proof. intros X Y Z x y N E; apply N; subst Z; code; ring. Qed.

Theorem lanes_minus_keeps_zero : forall X Y Z x y, Z_of (lanes_minus X Y Z x y) <> 0 -> Z <> 0.
Proof. intros X Y Z x y N E; apply N; subst Z; code; ring. Qed.

Theorem lanes_plus_point_keeps_zero : forall X Y Z X' Y' Z',
  Z_of (lanes_plus_point X Y Z X' Y' Z') <> 0 -> Z <> 0 /\ Z' <> 0.
Proof. intros X Y Z X' Y' Z' N; split; intros E; apply N; subst; code; ring. Qed.

Theorem of_affine_stands : forall x y P, is_affine x y P -> stands_for (of_affine x y) P.
Proof.
  intros x y P (H & E); subst P; split; [exact one_is_not_zero | do 3 eexists; split; [reflexivity | split; ring]].
Qed.

Theorem negated_affine_is_opposite : forall x y P, is_affine x y P ->
  is_affine (fst (negated_affine x y)) (snd (negated_affine x y)) (opposite P).
Proof. intros x y P (H & E); subst P; eexists; reflexivity. Qed.

Lemma tangent : forall x y H, y <> 0 -> exists H3,
  let P := curve_elt one plus times a b x y H in
  sum P P =
  let l := divided ((1 + 1 + 1) * x * x + a) ((1 + 1) * y) in
  let x3 := l * l - (1 + 1) * x in
  curve_elt one plus times a b x3 (negated y - l * (x3 - x)) H3.
Proof.
  intros x y H N. unfold add.
  destruct (Kdec theory x x) as [E | D]; [ | contradiction (D eq_refl) ].
  destruct (Kdec theory y (negated y)) as [E' | D'].
  - contradiction N. exact (Keq_opp_is_zero theory E').
  - eexists; reflexivity.
Qed.

(* In lanes, for either a. *)
Theorem lanes_doubled_minus_3_is_double : forall J P, a = negated (1 + 1 + 1) -> stands_for J P ->
  let '(X, Y, Z) := J in
  let S := lanes_doubled_minus_3 X Y Z in Z_of S <> 0 -> stands_for S (sum P P).
Proof.
  intros [[X Y] Z] P Ea (NZ & x & y & H & EP & EX & EY) S; subst P X Y.
  unfold S; clear S; code; intros N.
  assert (Ny : y <> 0) by (intros E; apply N; rewrite E; ring).
  destruct (@tangent _ _ H Ny) as (H3 & ->).
  split; [ assumption | do 3 eexists; split; [ reflexivity | rewrite Ea; split; field;
    repeat split; auto; exact theory.(two_not_zero) ] ].
Qed.

Theorem lanes_doubled_minus_3_keeps_zero : forall X Y Z, Z_of (lanes_doubled_minus_3 X Y Z) <> 0 -> Z <> 0.
Proof. intros X Y Z N E; apply N; subst Z; code; ring. Qed.

Theorem lanes_doubled_0_is_double : forall J P, a = 0 -> stands_for J P ->
  let '(X, Y, Z) := J in
  let S := lanes_doubled_0 X Y Z in Z_of S <> 0 -> stands_for S (sum P P).
Proof.
  intros [[X Y] Z] P Ea (NZ & x & y & H & EP & EX & EY) S; subst P X Y.
  unfold S; clear S; code; intros N.
  assert (Ny : y <> 0) by (intros E; apply N; rewrite E; ring).
  destruct (@tangent _ _ H Ny) as (H3 & ->).
  split; [ assumption | do 3 eexists; split; [ reflexivity | rewrite Ea; split; field;
    repeat split; auto; exact theory.(two_not_zero) ] ].
Qed.

Theorem lanes_doubled_0_keeps_zero : forall X Y Z, Z_of (lanes_doubled_0 X Y Z) <> 0 -> Z <> 0.
Proof. intros X Y Z N E; apply N; subst Z; code; ring. Qed.

Theorem is_on_curve_minus_3 : forall x y, a = negated (1 + 1 + 1) ->
  Code.is_on_curve_minus_3 K one plus times negated b x y <-> exists P, is_affine x y P.
Proof.
  intros x y Ea; unfold Code.is_on_curve_minus_3; cbv zeta; split.
  - intros E. unshelve eexists (curve_elt one plus times a b x y _).
    + cbn [pow]. rewrite E, Ea; ring.
    + eexists; reflexivity.
  - intros (P & H & _). cbn [pow] in H. rewrite H, Ea; ring.
Qed.

Theorem is_on_curve_0 : forall x y, a = 0 ->
  Code.is_on_curve_0 K zero plus times b x y <-> exists P, is_affine x y P.
Proof.
  intros x y Ea; unfold Code.is_on_curve_0; cbv zeta; split.
  - intros E. unshelve eexists (curve_elt one plus times a b x y _).
    + cbn [pow]. rewrite E, Ea; ring.
    + eexists; reflexivity.
  - intros (P & H & _). cbn [pow] in H. rewrite H, Ea; ring.
Qed.

End Curve.
