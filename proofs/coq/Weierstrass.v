(* The additions of ECDSA: a Z that is not 0 proves the sum.

   The formulas are those of Code.v, which is what accel's code computed with symbols.
   The curve and its group are those of Coqprime, over any field whose characteristic
   is not 2; that the group is one is Coqprime's theorem. *)
From Coq Require Import List Ring Field.
From Coqprime Require Import SMain.
From Proofs Require Code Multiples.
Import ListNotations.

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

(* --- Affine additions, which make the rows of tables. *)

(* Affine additions that share one inversion: if the product of all H has an inverse, no
   H is 0, and each sum is on its chord. *)
Theorem shared_inversion : forall L i, fold_right times 1 L * i = 1 -> Forall (fun h => h <> 0) L.
Proof.
  induction L as [ | h L IH]; intros i E; constructor; cbn [fold_right] in E.
  - intros Eh; subst h. apply one_is_not_zero. etransitivity; [symmetry; exact E | ring].
  - apply (IH (h * i)). etransitivity; [ | exact E]. ring.
Qed.

(* What the code makes of three numbers, and the product whose inverse it wants. *)
Theorem shared_inverses_are_inverses : forall u v w i,
  let '(u', v', w', all) := Code.shared_inverses K one times u v w i in
  all * i = 1 -> u * u' = 1 /\ v * v' = 1 /\ w * w' = 1.
Proof.
  intros u v w i; unfold Code.shared_inverses; cbv zeta; intros E.
  repeat apply conj; (etransitivity; [ | exact E]); ring.
Qed.

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
  destruct (@chord _ _ _ _ H1 H2 (minus_not_zero D)) as (H3 & ->); cbv zeta.
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
  destruct (@tangent _ _ H Ny) as (H3 & ->); cbv zeta. subst i.
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

(* --- Any order of additions: a tree of them, which begins with affine points. *)

Inductive order : Type :=
  | Point (x y : K)
  | Plus (before : order) (x y : K)
  | Minus (before : order) (x y : K)
  | Both (left right : order)
  | Double_minus_3 (before : order)
  | Double_0 (before : order).

(* What the code computes. *)
Fixpoint computed (t : order) : triple :=
  match t with
  | Point x y => of_affine x y
  | Plus t x y => let '(X, Y, Z) := computed t in lanes_plus X Y Z x y
  | Minus t x y => let '(X, Y, Z) := computed t in lanes_minus X Y Z x y
  | Both t t' =>
      let '(X, Y, Z) := computed t in
      let '(X', Y', Z') := computed t' in lanes_plus_point X Y Z X' Y' Z'
  | Double_minus_3 t => let '(X, Y, Z) := computed t in lanes_doubled_minus_3 X Y Z
  | Double_0 t => let '(X, Y, Z) := computed t in lanes_doubled_0 X Y Z
  end.

(* What it should be: the points at the leaves, and their sum. *)
Inductive of_points : order -> list point -> Prop :=
  | of_point x y P : is_affine x y P -> of_points (Point x y) [P]
  | of_plus t L x y P : of_points t L -> is_affine x y P -> of_points (Plus t x y) (L ++ [P])
  | of_minus t L x y P : of_points t L -> is_affine x y P -> of_points (Minus t x y) (L ++ [opposite P])
  | of_both t L t' L' : of_points t L -> of_points t' L' -> of_points (Both t t') (L ++ L')
  | of_double_minus_3 t L : of_points t L -> of_points (Double_minus_3 t) (L ++ L)
  | of_double_0 t L : of_points t L -> of_points (Double_0 t) (L ++ L).

Notation total := (Multiples.total infinity sum).

Lemma total_app : forall L L', total (L ++ L') = sum (total L) (total L').
Proof. exact (Multiples.total_app infinity sum (add_0_l theory) (add_assoc theory)). Qed.

Lemma total_one : forall P, total [P] = P.
Proof. intros P; apply (add_0_r theory). Qed.

(* A sum within another. *)
Inductive within : order -> order -> Prop :=
  | itself t : within t t
  | in_plus s t x y : within s t -> within s (Plus t x y)
  | in_minus s t x y : within s t -> within s (Minus t x y)
  | in_left s t t' : within s t -> within s (Both t t')
  | in_right s t t' : within s t' -> within s (Both t t')
  | in_double_minus_3 s t : within s t -> within s (Double_minus_3 t)
  | in_double_0 s t : within s t -> within s (Double_0 t).

(* The lemma: if the last Z is not 0, no Z on the way is 0. *)
Theorem no_zero_on_the_way : forall s t, within s t -> Z_of (computed t) <> 0 -> Z_of (computed s) <> 0.
Proof.
  induction 1 as [ | s t x y _ IH | s t x y _ IH | s t t' _ IH | s t t' _ IH | s t _ IH | s t _ IH];
    intros N; trivial;
    apply IH; cbn [computed] in N.
  - destruct (computed t) as [[X Y] Z]. rewrite lanes_plus_is_plus_affine in N.
    exact (plus_affine_keeps_zero N).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_minus_keeps_zero N).
  - destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (proj1 (lanes_plus_point_keeps_zero N)).
  - destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (proj2 (lanes_plus_point_keeps_zero N)).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_doubled_minus_3_keeps_zero N).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_doubled_0_keeps_zero N).
Qed.

(* What holds if a doubling for a = -3 is on the way, and if one for a = 0 is. *)
Fixpoint doubles_are (minus_3 flat : Prop) (t : order) : Prop :=
  match t with
  | Point _ _ => True
  | Plus t _ _ | Minus t _ _ => doubles_are minus_3 flat t
  | Both t t' => doubles_are minus_3 flat t /\ doubles_are minus_3 flat t'
  | Double_minus_3 t => minus_3 /\ doubles_are minus_3 flat t
  | Double_0 t => flat /\ doubles_are minus_3 flat t
  end.

Lemma doubles_are_weaker : forall (A B A' B' : Prop) t, (A -> A') -> (B -> B') ->
  doubles_are A B t -> doubles_are A' B' t.
Proof. intros A B A' B' t HA HB; induction t; cbn [doubles_are]; tauto. Qed.

(* A doubling on the way is that for the curve's a. *)
Notation doubles_fit := (doubles_are (a = negated (1 + 1 + 1)) (a = 0)).

(* The theorem: if the last Z is not 0, the sum is right, whatever the order. *)
Theorem sum_is_right : forall t L, doubles_fit t -> of_points t L -> Z_of (computed t) <> 0 ->
  stands_for (computed t) (total L).
Proof.
  intros t L F; induction 1 as [x y P A | t L x y P O IH A | t L x y P O IH A | t L t' L' O IH O' IH' | t L O IH
    | t L O IH]; intros N; rewrite ?total_app, ?total_one; cbn [doubles_are] in F.
  - apply of_affine_stands; exact A.
  - assert (NZ := no_zero_on_the_way (in_plus x y (itself t)) N). specialize (IH F NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (@plus_affine_is_sum (X, Y, Z) _ _ _ _ IH A N).
  - assert (NZ := no_zero_on_the_way (in_minus x y (itself t)) N). specialize (IH F NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (@lanes_minus_is_difference (X, Y, Z) _ _ _ _ IH A N).
  - assert (NZ := no_zero_on_the_way (in_left t' (itself t)) N). specialize (IH (proj1 F) NZ).
    assert (NZ' := no_zero_on_the_way (in_right t (itself t')) N). specialize (IH' (proj2 F) NZ').
    cbn [computed] in *. destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (@lanes_plus_point_is_sum (X, Y, Z) _ (X', Y', Z') _ IH IH' N).
  - assert (NZ := no_zero_on_the_way (in_double_minus_3 (itself t)) N). specialize (IH (proj2 F) NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (@lanes_doubled_minus_3_is_double (X, Y, Z) _ (proj1 F) IH N).
  - assert (NZ := no_zero_on_the_way (in_double_0 (itself t)) N). specialize (IH (proj2 F) NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (@lanes_doubled_0_is_double (X, Y, Z) _ (proj1 F) IH N).
Qed.

(* So is every sum on the way. *)
Corollary every_sum_is_right : forall s t L, doubles_fit s ->
  within s t -> of_points s L -> Z_of (computed t) <> 0 -> stands_for (computed s) (total L).
Proof. intros s t L F W O N. exact (sum_is_right F O (no_zero_on_the_way W N)). Qed.

(* --- A tree of affine additions, each with an inverse of its run. *)
Inductive affine_tree : K -> K -> list point -> Prop :=
  | leaf x y P : is_affine x y P -> affine_tree x y [P]
  | pair x y L x' y' L' i X Y : affine_tree x y L -> affine_tree x' y' L' ->
      (let '(rise, run) := Code.chord K minus x y x' y' in
       run * i = 1 /\ Code.plus_along K minus times x y x' y' (rise * i) = (X, Y)) ->
      affine_tree X Y (L ++ L').

Theorem affine_tree_is_sum : forall x y L, affine_tree x y L -> is_affine x y (total L).
Proof.
  induction 1 as [x y P A | x y L x' y' L' i X Y _ IH _ IH' E]; rewrite ?total_app, ?total_one; trivial.
  assert (S := @along_chord_is_sum x y _ x' y' _ i IH IH').
  destruct (Code.chord K minus x y x' y') as [rise run]; destruct E as [R E].
  specialize (S R). rewrite E in S. exact S.
Qed.

(* --- The comparison: X = r·Z², and Z is not 0. *)
Theorem comparison_is_right : forall J P r, stands_for J P -> let '(X, _, Z) := J in
  X = r * (Z * Z) -> P <> infinity /\ exists y, is_affine r y P.
Proof.
  intros [[X Y] Z] P r (N & x & y & H & E & EX & EY) ER; subst P.
  assert (x = r).
  { assert (NN := product_not_zero N N).
    transitivity (divided (X) (Z * Z)); [rewrite EX | rewrite ER]; field; exact N. }
  subst x. split; [discriminate | do 2 eexists; reflexivity].
Qed.

End Curve.
