(* P-256: with the constants of the code (Constants.v), it is a curve whose points all have the
   prime order n. A program found the certificates of the primes and the inverse of X^p - X. *)
From Coq Require Import ZArith Znumtheory List Permutation.
From Coqprime Require Import PocklingtonCertificat SMain ZEll.
From Proofs Require Import Constants Residues Curves.
Import ListNotations.

Open Scope positive_scope.

Theorem base_is_prime : prime p256_base.
Proof.
  apply (Pocklington_refl
    (Pock_certif 115792089210356248762697446949407573530086143415290314195533631308867097853951 3 ((835945042244614951780389953367877943453916927241, 1) :: (2, 1) :: nil) 1)
    [Pock_certif 835945042244614951780389953367877943453916927241 7 ((774023187263532362759620327192479577272145303, 1) :: (2, 3) :: nil) 1;
     Pock_certif 774023187263532362759620327192479577272145303 3 ((34282281433, 1) :: (2411, 1) :: (3, 2) :: (2, 1) :: nil) 551353767260291;
     Pock_certif 34282281433 5 ((204061199, 1) :: (2, 3) :: nil) 1;
     Pock_certif 204061199 11 ((23, 1) :: (11, 1) :: (2, 1) :: nil) 503;
     Pock_certif 2411 2 ((241, 1) :: (2, 1) :: nil) 1;
     Pock_certif 241 7 ((2, 4) :: nil) 1;
     Pock_certif 23 5 ((2, 1) :: nil) 1;
     Pock_certif 11 2 ((2, 1) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]).
  vm_cast_no_check (eq_refl true).
Qed.

Theorem order_is_prime : prime p256_order.
Proof.
  apply (Pocklington_refl
    (Pock_certif 115792089210356248762697446949407573529996955224135760342422259061068512044369 7 ((622491383, 1) :: (187019741, 1) :: (17449, 1) :: (3407, 1) :: (2, 4) :: nil) 142848793510808008504665464)
    [Pock_certif 622491383 5 ((311245691, 1) :: (2, 1) :: nil) 1;
     Pock_certif 311245691 2 ((29, 2) :: (2, 1) :: nil) 13;
     Pock_certif 187019741 2 ((9350987, 1) :: (2, 2) :: nil) 1;
     Pock_certif 9350987 2 ((229, 1) :: (2, 1) :: nil) 264;
     Pock_certif 17449 14 ((3, 1) :: (2, 3) :: nil) 1;
     Pock_certif 3407 5 ((13, 1) :: (2, 1) :: nil) 26;
     Pock_certif 229 6 ((3, 1) :: (2, 2) :: nil) 1;
     Pock_certif 29 2 ((2, 2) :: nil) 1;
     Pock_certif 13 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]).
  vm_cast_no_check (eq_refl true).
Qed.

Open Scope Z_scope.

Definition a : Z := - p256_minus_a.

Theorem curve : is_curve p256_base p256_order a p256_b p256_x p256_y = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

(* (n - 1)·G is -G. *)
Theorem order : order_is_n p256_base p256_order a p256_x p256_y = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Theorem rootless : has_no_root p256_base a p256_b
  (34768139465301476436978405170953382516735956999154666452188405812258086013549, 74462945259064871768191128030512052509059297803194871526163573358218695456204, 76626890310466861426869089647039036757962535851890885406097439786770458211455) = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Definition n_times_point := n_times_point _ _ _ _ _ _ base_is_prime order_is_prime curve order _ rootless.

Definition accepted_is_signature :=
  accepted_is_signature _ _ _ _ _ _ base_is_prime order_is_prime curve order _ rootless.
