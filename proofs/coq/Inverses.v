(* One inversion for any count of numbers (Montgomery's trick). *)
From Coq Require Import List Ring.
From Proofs Require Code.
Import ListNotations.

Section Numbers.

Variable K : Set.
Variables (zero one : K) (plus times minus : K -> K -> K) (negated : K -> K).
Hypothesis theory : ring_theory zero one plus times minus negated (@eq K).
Hypothesis one_is_not_zero : one <> zero.

Notation "x * y" := (times x y).
Notation "0" := zero.
Notation "1" := one.

Add Ring K_ring : theory.

(* If the product of all has an inverse, none of them is 0. *)
Theorem shared_inversion : forall L i, fold_right times 1 L * i = 1 -> Forall (fun h => h <> 0) L.
Proof.
  induction L as [ | h L IH]; intros i E; constructor; cbn [fold_right] in E.
  - intros Eh; subst h. apply one_is_not_zero. etransitivity; [symmetry; exact E | ring].
  - apply (IH (h * i)). etransitivity; [ | exact E]. ring.
Qed.

(* What the code's first loop has before it comes to a number, and what its second one has made of
   the inverse, which goes from the last number to the first. *)
Definition product_of (earlier : list K) : K := fold_left times earlier 1.
Definition left_of (i : K) (later : list K) : K := fold_right (fun number left => left * number) i later.

(* What it makes of a number. *)
Definition own (earlier later : list K) (i : K) : K := left_of i later * product_of earlier.

Lemma product_begun : forall L z, fold_left times L z = z * fold_right times 1 L.
Proof. induction L as [ | x L IH]; intros z; cbn; [ring | rewrite IH; ring]. Qed.

Lemma left_is_product : forall i L, left_of i L = i * fold_right times 1 L.
Proof. intros i; induction L as [ | x L IH]; cbn; [ring | unfold left_of in IH; rewrite IH; ring]. Qed.

(* i is the inverse of the product of all. *)
Theorem own_is_inverse : forall earlier number later i,
  product_of (earlier ++ number :: later) * i = 1 -> number * own earlier later i = 1.
Proof.
  intros A x B i E. etransitivity; [ | exact E].
  unfold own, product_of. rewrite fold_left_app, left_is_product. cbn [fold_left].
  rewrite !product_begun; ring.
Qed.

(* The code's own, of three numbers; the program `formulas` compares its results with these for every
   count up to that of the longest run of it. *)
Theorem code_makes_own : forall u v w i, Code.shared_inverses K one times u v w i =
  (own [] [v; w] i, own [u] [w] i, own [u; v] [] i, product_of [u; v; w]).
Proof. reflexivity. Qed.

End Numbers.
