(* Sums of many points on a Weierstrass curve, in any order. *)
From Coq Require Import List Ring Field.
From Coqprime Require Import SMain.
From Proofs Require Code Multiples WeierstrassRows.
From Proofs Require Import Weierstrass.
Import ListNotations.

Set Implicit Arguments.

Section Curve.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated inverse : K -> K).
Variable divided : K -> K -> K.
Variables a b : K.
Variable is_zero : K -> bool.
Hypothesis theory : ell_theory zero one plus times minus negated inverse divided a b is_zero.

Notation "x * y" := (times x y).
Notation "0" := zero.
Notation "1" := one.

Add Field K_field : theory.(Kfth).

Notation point := (elt one plus times a b).
Notation infinity := (inf_elt one plus times a b).
Notation sum := (add theory).
Notation opposite := (opp theory).
Notation triple := (K * K * K)%type.
Notation stands_for := (Weierstrass.stands_for zero).
Notation is_affine := (@Weierstrass.is_affine K one plus times a b).

Notation of_affine := (Weierstrass.of_affine one).
Notation lanes_plus := (Weierstrass.lanes_plus plus times minus).
Notation lanes_minus := (Weierstrass.lanes_minus plus times minus negated).
Notation lanes_plus_point := (Weierstrass.lanes_plus_point plus times minus).
Notation lanes_doubled_minus_3 := (Weierstrass.lanes_doubled_minus_3 zero plus times minus).
Notation lanes_doubled_0 := (Weierstrass.lanes_doubled_0 zero plus times minus).

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
    exact (plus_affine_keeps_zero theory _ _ _ _ N).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_minus_keeps_zero theory _ _ _ _ N).
  - destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (proj1 (lanes_plus_point_keeps_zero theory _ _ _ _ _ _ N)).
  - destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (proj2 (lanes_plus_point_keeps_zero theory _ _ _ _ _ _ N)).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_doubled_minus_3_keeps_zero theory _ _ N).
  - destruct (computed t) as [[X Y] Z]. exact (lanes_doubled_0_keeps_zero theory _ _ N).
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
Notation doubles_fit := (doubles_are (a = negated (plus (plus 1 1) 1)) (a = 0)).

(* The theorem: if the last Z is not 0, the sum is right, whatever the order. *)
Theorem sum_is_right : forall t L, doubles_fit t -> of_points t L -> Z_of (computed t) <> 0 ->
  stands_for (computed t) (total L).
Proof.
  intros t L F; induction 1 as [x y P A | t L x y P O IH A | t L x y P O IH A | t L t' L' O IH O' IH' | t L O IH
    | t L O IH]; intros N; rewrite ?total_app, ?total_one; cbn [doubles_are] in F.
  - apply of_affine_stands with (1 := theory); exact A.
  - assert (NZ := no_zero_on_the_way (in_plus x y (itself t)) N). specialize (IH F NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (plus_affine_is_sum theory (X, Y, Z) _ IH A N).
  - assert (NZ := no_zero_on_the_way (in_minus x y (itself t)) N). specialize (IH F NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (lanes_minus_is_difference theory (X, Y, Z) _ IH A N).
  - assert (NZ := no_zero_on_the_way (in_left t' (itself t)) N). specialize (IH (proj1 F) NZ).
    assert (NZ' := no_zero_on_the_way (in_right t (itself t')) N). specialize (IH' (proj2 F) NZ').
    cbn [computed] in *. destruct (computed t) as [[X Y] Z], (computed t') as [[X' Y'] Z'].
    exact (lanes_plus_point_is_sum theory (X, Y, Z) _ (X', Y', Z') _ IH IH' N).
  - assert (NZ := no_zero_on_the_way (in_double_minus_3 (itself t)) N). specialize (IH (proj2 F) NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (lanes_doubled_minus_3_is_double theory (X, Y, Z) _ (proj1 F) IH N).
  - assert (NZ := no_zero_on_the_way (in_double_0 (itself t)) N). specialize (IH (proj2 F) NZ).
    cbn [computed] in *. destruct (computed t) as [[X Y] Z].
    exact (lanes_doubled_0_is_double theory (X, Y, Z) _ (proj1 F) IH N).
Qed.

(* So is every sum on the way. *)
Corollary every_sum_is_right : forall s t L, doubles_fit s ->
  within s t -> of_points s L -> Z_of (computed t) <> 0 -> stands_for (computed s) (total L).
Proof. intros s t L F W O N. exact (sum_is_right F O (no_zero_on_the_way W N)). Qed.

(* --- The multiples of a key in lanes: its double, and each of them plus the point, made affine by an
   inverse of its Z. *)
Fixpoint chain (double : order -> order) (x y : K) (n : nat) : order :=
  match n with O => double (Point x y) | S n => Plus (chain double x y n) x y end.

Lemma chain_of_points : forall (double : order -> order) x y P n,
  (forall t L, of_points t L -> of_points (double t) (L ++ L)) -> is_affine x y P ->
  of_points (chain double x y n) (repeat P (S (S n))).
Proof.
  intros double x y P n D A. induction n as [ | n IH].
  - exact (D _ _ (of_point A)).
  - change (repeat P (S (S (S n)))) with (P :: repeat P (S (S n))).
    rewrite repeat_cons. exact (of_plus IH A).
Qed.

Lemma total_of_copies : forall P n, total (repeat P n) = Multiples.times_nat infinity sum n P.
Proof. intros P; induction n as [ | n IH]; cbn; [ | unfold Multiples.total in IH; rewrite IH]; reflexivity. Qed.

Lemma row_is_affine : forall X Y Z P own, stands_for (X, Y, Z) P -> Z * own = 1 ->
  is_affine (X * (own * own)) (Y * (own * own * own)) P.
Proof.
  intros X Y Z P own (_ & x & y & H & E & EX & EY) I; subst P X Y.
  replace (x * (Z * Z) * (own * own)) with x
    by (transitivity (x * (Z * own) * (Z * own)); [rewrite I; ring | ring]).
  replace (y * (Z * Z * Z) * (own * own * own)) with y
    by (transitivity (y * (Z * own) * (Z * own) * (Z * own)); [rewrite I; ring | ring]).
  exists H; reflexivity.
Qed.

Theorem multiples_are_right : forall double x y P n own,
  double = Double_minus_3 /\ a = negated (plus (plus 1 1) 1) \/ double = Double_0 /\ a = 0 -> is_affine x y P ->
  let '(X, Y, Z) := computed (chain double x y n) in
  Z * own = 1 ->
  is_affine (X * (own * own)) (Y * (own * own * own)) (Multiples.times_nat infinity sum (S (S n)) P).
Proof.
  intros double x y P n own D A.
  assert (O : of_points (chain double x y n) (repeat P (S (S n)))).
  { apply chain_of_points; [ | exact A]. intros t L O.
    destruct D as [[-> _] | [-> _]]; [exact (of_double_minus_3 O) | exact (of_double_0 O)]. }
  assert (F : doubles_fit (chain double x y n)).
  { clear O A. induction n as [ | n IH]; [ | exact IH].
    destruct D as [[-> E] | [-> E]]; cbn; auto. }
  assert (S := fun N => sum_is_right F O N).
  destruct (computed (chain double x y n)) as [[X Y] Z]. intros I.
  rewrite total_of_copies in S. refine (row_is_affine (S _) I).
  intros E. apply (one_is_not_zero theory). rewrite <- I. change (Z = 0) in E. rewrite E. ring.
Qed.

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
  assert (S := WeierstrassRows.along_chord_is_sum theory i IH IH').
  destruct (Code.chord K minus x y x' y') as [rise run]; destruct E as [R E].
  specialize (S R). rewrite E in S. exact S.
Qed.

(* --- The comparison: X = r·Z², and Z is not 0. *)
Theorem comparison_is_right : forall J P r, stands_for J P -> let '(X, _, Z) := J in
  X = r * (Z * Z) -> P <> infinity /\ exists y, is_affine r y P.
Proof.
  intros [[X Y] Z] P r (N & x & y & H & E & EX & EY) ER; subst P.
  assert (x = r).
  { assert (NN := product_not_zero theory N N).
    transitivity (divided (X) (Z * Z)); [rewrite EX | rewrite ER]; field; exact N. }
  subst x. split; [discriminate | do 2 eexists; reflexivity].
Qed.

End Curve.
