(* A curve by a certificate: numbers that a program found, and that one computation checks. They show
   that p and the order n are prime, and that X^3 + a·X + b has no root. *)
From Coq Require Import ZArith Znumtheory Bool List.
From Coqprime Require Import PocklingtonCertificat.
From Proofs Require Curves.
From Proofs Require Import Residues.

Open Scope Z_scope.

Record certificate := {
  primality_of_p : Certif;
  primality_of_n : Certif;
  (* Modulo the cubic, of X^p - X. *)
  inverse : Z * Z * Z
}.

Definition shows_prime (certif : Certif) (p : Z) : bool :=
  match certif with
  | nil => false
  | first :: _ => (Zpos (nprim first) =? p) && test_Certif certif
  end.

Lemma is_prime : forall certif p, shows_prime certif p = true -> prime p.
Proof.
  intros [ | first rest] p; [discriminate | ]. cbn [shows_prime].
  rewrite andb_true_iff, Z.eqb_eq. intros [<- C]. exact (Pocklington_refl first rest C).
Qed.

Section Curve.

Variables p n a b x y : Z.
Variable c : certificate.

Definition certifies : bool :=
  shows_prime (primality_of_p c) p && shows_prime (primality_of_n c) n && Curves.is_curve p n a b x y &&
  Curves.order_is_n p n a x y && has_no_root p a b (inverse c).

Hypothesis certified : certifies = true.

Lemma parts : shows_prime (primality_of_p c) p = true /\ shows_prime (primality_of_n c) n = true /\
  Curves.is_curve p n a b x y = true /\ Curves.order_is_n p n a x y = true /\
  has_no_root p a b (inverse c) = true.
Proof. revert certified. unfold certifies. rewrite !andb_true_iff. tauto. Qed.

Definition p_is_prime : prime p := is_prime _ _ (proj1 parts).
Definition n_is_prime : prime n := is_prime _ _ (proj1 (proj2 parts)).
Definition curve := proj1 (proj2 (proj2 parts)).
Definition order := proj1 (proj2 (proj2 (proj2 parts))).
Definition rootless := proj2 (proj2 (proj2 (proj2 parts))).

Definition n_times_point :=
  Curves.n_times_point p n a b x y p_is_prime n_is_prime curve order (inverse c) rootless.

Definition accepted_is_signature :=
  Curves.accepted_is_signature p n a b x y p_is_prime n_is_prime curve order (inverse c) rootless.

End Curve.
