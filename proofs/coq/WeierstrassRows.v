(* Affine additions, which make the rows of tables, and the tests of rows. *)
From Coq Require Import Ring Field.
From Coqprime Require Import SMain.
From Proofs Require Code Weierstrass.

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
Notation sum := (add theory).
Notation is_affine := (@Weierstrass.is_affine K one plus times a b).

Notation one_is_not_zero := (Weierstrass.one_is_not_zero theory).
Notation product_not_zero := (Weierstrass.product_not_zero theory).
Notation minus_not_zero := (Weierstrass.minus_not_zero theory).
Notation chord := (Weierstrass.chord theory).
Notation tangent := (Weierstrass.tangent theory).

(* --- Affine additions, which make the rows of tables. *)

Theorem affine_sum_is_right : forall x1 y1 P x2 y2 Q i,
  is_affine x1 y1 P -> is_affine x2 y2 Q -> (x2 - x1) * i = 1 ->
  let l := (y2 - y1) * i in
  let x3 := l * l - x1 - x2 in
  is_affine x3 (l * (x1 - x3) - y1) (sum P Q).
Proof.
  intros x1 y1 P x2 y2 Q i (H1 & E1) (H2 & E2) E; subst P Q.
  assert (D : x2 - x1 <> 0) by (intros Z; apply one_is_not_zero; rewrite <- E, Z; ring).
  assert (Ei : i = inverse (x2 - x1)).
  { transitivity ((x2 - x1) * i * inverse (x2 - x1)); [field; exact D | rewrite E; ring]. }
  destruct (chord _ _ H1 H2 (minus_not_zero D)) as (H3 & ->); cbv zeta.
  unshelve eexists.
  2: { apply (curve_elt_irr theory); subst i; field; exact D. }
  subst i. cbn [pow] in *.
  revert H3; cbv zeta; intros H3.
  match type of H3 with ?u * ?u = ?v * (?v * ?v) + _ * _ + _ =>
    match goal with |- ?u' * ?u' = ?v' * (?v' * ?v') + _ * _ + _ =>
      replace u' with u by (field; exact D); replace v' with v by (field; exact D); exact H3 end end.
Qed.

Lemma moved : forall x y x' y' P, is_affine x y P -> x' = x -> y' = y -> is_affine x' y' P.
Proof. intros; subst; assumption. Qed.

Theorem along_chord_is_sum : forall x y P x' y' Q i, is_affine x y P -> is_affine x' y' Q ->
  let '(rise, run) := Code.chord K minus x y x' y' in
  run * i = 1 ->
  let '(X, Y) := Code.plus_along K minus times x y x' y' (rise * i) in is_affine X Y (sum P Q).
Proof. intros x y P x' y' Q i A A'. cbn. intros E. exact (affine_sum_is_right A A' E). Qed.

Lemma along_tangent : forall x y P i, is_affine x y P -> (y + y) * i = 1 ->
  let l := ((1 + 1 + 1) * x * x + a) * i in
  let x3 := l * l - x - x in
  is_affine x3 (l * (x - x3) - y) (sum P P).
Proof.
  intros x y P i (H & E) Ei; subst P.
  assert (N : y + y <> 0) by (intros Z; apply one_is_not_zero; rewrite <- Ei, Z; ring).
  assert (Ny : y <> 0) by (intros Z; apply N; rewrite Z; ring).
  assert (I : i = inverse (y + y)).
  { transitivity ((y + y) * i * inverse (y + y)); [field; exact N | rewrite Ei; ring]. }
  destruct (tangent _ H Ny) as (H3 & ->); cbv zeta. subst i.
  eapply moved; [eexists; reflexivity | |]; field; repeat split; auto; exact theory.(two_not_zero).
Qed.

Theorem along_tangent_minus_3_is_double : forall x y P i, a = negated (1 + 1 + 1) -> is_affine x y P ->
  let '(rise, run) := Code.tangent_minus_3 K one plus times negated x y in
  run * i = 1 ->
  let '(X, Y) := Code.plus_along K minus times x y x y (rise * i) in is_affine X Y (sum P P).
Proof.
  intros x y P i Ea A. cbn. intros E. eapply moved; [exact (along_tangent A E) | |]; rewrite Ea; ring.
Qed.

Theorem along_tangent_0_is_double : forall x y P i, a = 0 -> is_affine x y P ->
  let '(rise, run) := Code.tangent_0 K zero plus times x y in
  run * i = 1 ->
  let '(X, Y) := Code.plus_along K minus times x y x y (rise * i) in is_affine X Y (sum P P).
Proof.
  intros x y P i Ea A. cbn. intros E. eapply moved; [exact (along_tangent A E) | |]; rewrite Ea; ring.
Qed.

(* --- The tests of rows, whose coordinates are all times a scale. *)

Lemma inverse_of : forall x, x <> 0 -> x * inverse x = 1.
Proof. intros x N; field; exact N. Qed.

Theorem is_sum_of_tells_sum : forall X Y x y P x' y' Q scale, scale <> 0 ->
  is_affine (divided x scale) (divided y scale) P -> is_affine (divided x' scale) (divided y' scale) Q ->
  Code.is_sum_of K zero plus minus times X Y x y x' y' scale ->
  is_affine (divided X scale) (divided Y scale) (sum P Q).
Proof.
  intros X Y x y P x' y' Q s Ns A A' (N & E & E').
  assert (D : divided x' s - divided x s <> 0).
  { intros Z. apply N. transitivity (s * (divided x' s - divided x s)); [field; exact Ns | rewrite Z; ring]. }
  assert (N2 := product_not_zero N N).
  assert (EX : X = divided (s * ((y' - y) * (y' - y))) ((x' - x) * (x' - x)) - x - x').
  { rewrite <- E. field; exact N. }
  assert (EY : Y = divided ((y' - y) * (x - X)) (x' - x) - y).
  { rewrite <- E'. field; exact N. }
  apply (moved (affine_sum_is_right A A' (inverse_of D))).
  - rewrite EX. field; auto.
  - rewrite EY, EX. field; auto.
Qed.

Lemma is_double_of_tells_double : forall X Y x y P s, s <> 0 ->
  is_affine (divided x s) (divided y s) P ->
  let rise := (1 + 1 + 1) * x * x + a * (s * s) in
  y + y <> 0 -> (X + (x + x)) * ((y + y) * (y + y)) * s = rise * rise ->
  (Y + y) * (y + y) * s = rise * (x - X) ->
  is_affine (divided X s) (divided Y s) (sum P P).
Proof.
  intros X Y x y P s Ns A rise N E E'.
  assert (D : divided y s + divided y s <> 0).
  { intros Z. apply N. transitivity (s * (divided y s + divided y s)); [field; exact Ns | rewrite Z; ring]. }
  assert (Ny : y <> 0) by (intros Z; apply N; rewrite Z; ring).
  assert (EX : X = divided (rise * rise) ((y + y) * (y + y) * s) - x - x).
  { rewrite <- E. field; auto. }
  assert (EY : Y = divided (rise * (x - X)) ((y + y) * s) - y).
  { rewrite <- E'. field; auto. }
  apply (moved (along_tangent A (inverse_of D))).
  - rewrite EX. unfold rise. field; repeat split; auto; exact theory.(two_not_zero).
  - rewrite EY, EX. unfold rise. field; repeat split; auto; exact theory.(two_not_zero).
Qed.

Theorem is_double_of_minus_3_tells_double : forall X Y x y P scale, a = negated (1 + 1 + 1) -> scale <> 0 ->
  is_affine (divided x scale) (divided y scale) P ->
  Code.is_double_of_minus_3 K zero one plus minus times negated X Y x y scale ->
  is_affine (divided X scale) (divided Y scale) (sum P P).
Proof.
  intros X Y x y P s Ea Ns A (N & E & E').
  apply (is_double_of_tells_double Ns A N); [rewrite E | rewrite E']; rewrite Ea; ring.
Qed.

Theorem is_double_of_0_tells_double : forall X Y x y P scale, a = 0 -> scale <> 0 ->
  is_affine (divided x scale) (divided y scale) P ->
  Code.is_double_of_0 K zero plus minus times X Y x y scale ->
  is_affine (divided X scale) (divided Y scale) (sum P P).
Proof.
  intros X Y x y P s Ea Ns A (N & E & E').
  apply (is_double_of_tells_double Ns A N); [rewrite E | rewrite E']; rewrite Ea; ring.
Qed.

(* --- The same tests in lanes, where the scale is the form of all numbers. *)

Lemma same : forall x y, x - y - (0 + 0) = 0 -> x = y.
Proof. intros x y E. transitivity (x - y - (0 + 0) + y); [ring | rewrite E; ring]. Qed.

Lemma over_one : forall x y P, is_affine x y P -> is_affine (divided x 1) (divided y 1) P.
Proof. intros x y P A. apply (moved A); field; exact one_is_not_zero. Qed.

Lemma of_one : forall x y P, is_affine (divided x 1) (divided y 1) P -> is_affine x y P.
Proof. intros x y P A. apply (moved A); field; exact one_is_not_zero. Qed.

Theorem lanes_is_sum_of_tells_sum : forall X Y x y P x' y' Q, is_affine x y P -> is_affine x' y' Q ->
  Code.lanes_is_sum_of K zero plus minus times X Y x y x' y' -> is_affine X Y (sum P Q).
Proof.
  intros X Y x y P x' y' Q A A' (E & E' & N). apply same in E. apply same in E'.
  apply of_one. refine (is_sum_of_tells_sum one_is_not_zero (over_one A) (over_one A') _).
  split; [exact N | split].
  - etransitivity; [ | etransitivity; [exact E | ]]; ring.
  - etransitivity; [ | etransitivity; [exact E' | ]]; ring.
Qed.

Theorem lanes_is_double_of_minus_3_tells_double : forall X Y x y P, a = negated (1 + 1 + 1) ->
  is_affine x y P -> Code.lanes_is_double_of_minus_3 K zero one plus minus times X Y x y ->
  is_affine X Y (sum P P).
Proof.
  intros X Y x y P Ea A (E & E' & N). apply same in E. apply same in E'.
  apply of_one. apply (is_double_of_tells_double one_is_not_zero (over_one A) N); rewrite Ea.
  - etransitivity; [ | etransitivity; [exact E | ]]; ring.
  - etransitivity; [ | etransitivity; [exact E' | ]]; ring.
Qed.

Theorem lanes_is_double_of_0_tells_double : forall X Y x y P, a = 0 ->
  is_affine x y P -> Code.lanes_is_double_of_0 K zero plus minus times X Y x y ->
  is_affine X Y (sum P P).
Proof.
  intros X Y x y P Ea A (E & E' & N). apply same in E. apply same in E'.
  apply of_one. apply (is_double_of_tells_double one_is_not_zero (over_one A) N); rewrite Ea.
  - etransitivity; [ | etransitivity; [exact E | ]]; ring.
  - etransitivity; [ | etransitivity; [exact E' | ]]; ring.
Qed.

End Curve.
