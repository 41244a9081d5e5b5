(* Whatever ECDSA accepts is a signature, given that the rows of the tables are the
   multiples of G and Q (Multiples.v), and that the digits stand for the scalars
   (Recoding.v). *)
From Coq Require Import List ZArith Permutation.
From Coqprime Require Import SMain.
From Proofs Require Multiples.
From Proofs Require Import Weierstrass WeierstrassSums.
Import ListNotations.

Section Curve.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated inverse : K -> K).
Variable divided : K -> K -> K.
Variables a b : K.
Variable is_zero : K -> bool.
Hypothesis theory : ell_theory zero one plus times minus negated inverse divided a b is_zero.

Notation point := (elt one plus times a b).
Notation infinity := (inf_elt one plus times a b).
Notation sum := (add theory).
Notation opposite := (opp theory).
Notation multiple := (Multiples.times infinity sum opposite).
Notation rows_of := (Multiples.rows_of infinity sum opposite).
Notation total := (Multiples.total infinity sum).
Notation computed := (WeierstrassSums.computed zero one plus times minus negated).
Notation doubles_fit := (doubles_are (a = negated (plus (plus one one) one)) (a = zero)).

(* What is compared, for any order of additions that makes P. *)
Theorem accepted_has_x : forall (P : point) order L (x y z r : K),
  doubles_fit order ->
  of_points theory order L -> total L = P ->
  computed order = (x, y, z) -> z <> zero -> x = times r (times z z) ->
  P <> infinity /\ exists y', is_affine r y' P.
Proof.
  intros P order L x y z r A O T C NZ EX.
  assert (S : stands_for zero (computed order) (total L)).
  { apply sum_is_right; [exact A | exact O | rewrite C; exact NZ]. }
  rewrite C, T in S.
  exact (@comparison_is_right _ _ _ _ _ _ _ _ _ _ _ _ theory (x, y, z) _ r S EX).
Qed.

(* n is the order, u1 and u2 are the scalars, D and E their digits; `order` is the
   order in which the code adds the rows, and each row of it once. *)
Theorem accepted_is_signature : forall (n u1 u2 : Z) (G Q : point) (D E : list Z) order L (x y z r : K),
  doubles_fit order ->
  n <> 0%Z -> multiple n G = infinity -> multiple n Q = infinity ->
  (Multiples.value D mod n = u1 mod n)%Z -> (Multiples.value E mod n = u2 mod n)%Z ->
  of_points theory order L -> Permutation L (rows_of G D ++ rows_of Q E) ->
  computed order = (x, y, z) -> z <> zero -> x = times r (times z z) ->
  let P := sum (multiple u1 G) (multiple u2 Q) in
  P <> infinity /\ exists y', is_affine r y' P.
Proof.
  intros n u1 u2 G Q D E order L x y z r A N NG NQ ED EE O R C NZ EX P.
  refine (accepted_has_x P order L x y z r A O _ C NZ EX).
  rewrite (Multiples.comb_is_sum sum opposite (add_0_l theory) (add_comm theory) (add_assoc theory)
    (add_opp theory) G Q D E R).
  unfold P; f_equal; apply (Multiples.multiples_modulo_order sum opposite (add_0_l theory) (add_comm theory)
    (add_assoc theory) (add_opp theory)) with n; assumption.
Qed.

(* The same for a tree of affine additions, whose x is compared itself. *)
Theorem accepted_in_tree_is_signature : forall (n u1 u2 : Z) (G Q : point) (D E : list Z) L (y r : K),
  n <> 0%Z -> multiple n G = infinity -> multiple n Q = infinity ->
  (Multiples.value D mod n = u1 mod n)%Z -> (Multiples.value E mod n = u2 mod n)%Z ->
  affine_tree minus r y L -> Permutation L (rows_of G D ++ rows_of Q E) ->
  let P := sum (multiple u1 G) (multiple u2 Q) in
  P <> infinity /\ exists y', is_affine r y' P.
Proof.
  intros n u1 u2 G Q D E L y r N NG NQ ED EE T R P.
  assert (A := affine_tree_is_sum theory T).
  rewrite (Multiples.comb_is_sum sum opposite (add_0_l theory) (add_comm theory) (add_assoc theory)
    (add_opp theory) G Q D E R) in A.
  replace P with (sum (multiple (Multiples.value D) G) (multiple (Multiples.value E) Q)).
  - split; [ | exists y; exact A]. destruct A as (H & EP); rewrite EP; discriminate.
  - unfold P; f_equal; apply (Multiples.multiples_modulo_order sum opposite (add_0_l theory) (add_comm theory)
      (add_assoc theory) (add_opp theory)) with n; assumption.
Qed.

End Curve.
