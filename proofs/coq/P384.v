(* P-384: with the constants of the code (Constants.v), it is a curve whose points all have the
   prime order n. A program found the certificates of the primes and the inverse of X^p - X. *)
From Coq Require Import ZArith Znumtheory List Permutation.
From Coqprime Require Import PocklingtonCertificat SMain ZEll.
From Proofs Require Import Constants Residues Curves.
Import ListNotations.

Open Scope positive_scope.

Theorem base_is_prime : prime p384_base.
Proof.
  apply (Pocklington_refl
    (Pock_certif 39402006196394479212279040100143613805079739270465446667948293404245721771496870329047266088258938001861606973112319 19 ((19173790298027098165721053155794528970226934547887232785722672956982046098136719667167519737147526097, 1) :: (2, 1) :: nil) 1)
    [Pock_certif 19173790298027098165721053155794528970226934547887232785722672956982046098136719667167519737147526097 3 ((1357291859799823621, 1) :: (312289, 1) :: (38557, 1) :: (8389, 1) :: (2, 4) :: nil) 4275967480674274557415086838890631;
     Pock_certif 1357291859799823621 2 ((6317, 1) :: (67, 1) :: (2, 2) :: nil) 2562798;
     Pock_certif 312289 14 ((3, 1) :: (2, 5) :: nil) 180;
     Pock_certif 38557 2 ((3, 4) :: (2, 2) :: nil) 1;
     Pock_certif 8389 6 ((3, 2) :: (2, 2) :: nil) 16;
     Pock_certif 6317 2 ((1579, 1) :: (2, 2) :: nil) 1;
     Pock_certif 1579 2 ((263, 1) :: (2, 1) :: nil) 1;
     Pock_certif 263 5 ((131, 1) :: (2, 1) :: nil) 1;
     Pock_certif 131 2 ((5, 1) :: (2, 1) :: nil) 1;
     Pock_certif 67 2 ((3, 1) :: (2, 1) :: nil) 1;
     Pock_certif 5 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]).
  vm_cast_no_check (eq_refl true).
Qed.

Theorem order_is_prime : prime p384_order.
Proof.
  apply (Pocklington_refl
    (Pock_certif 39402006196394479212279040100143613805079739270465446667946905279627659399113263569398956308152294913554433653942643 2 ((3055465788140352002733946906144561090641249606160407884365391979704929268480326390471, 1) :: (2, 1) :: nil) 1)
    [Pock_certif 3055465788140352002733946906144561090641249606160407884365391979704929268480326390471 3 ((1059392654943455286185473617842338478315215895509773412096307, 1) :: (2, 1) :: nil) 1;
     Pock_certif 1059392654943455286185473617842338478315215895509773412096307 2 ((55942463741690639, 1) :: (248431, 1) :: (2, 1) :: nil) 13940390188741656071932;
     Pock_certif 55942463741690639 7 ((37344768852931, 1) :: (2, 1) :: nil) 1;
     Pock_certif 37344768852931 3 ((11, 2) :: (7, 1) :: (5, 1) :: (3, 1) :: (2, 1) :: nil) 24288;
     Pock_certif 248431 3 ((7, 2) :: (2, 1) :: nil) 182;
     Pock_certif 11 2 ((2, 1) :: nil) 1;
     Pock_certif 7 3 ((2, 1) :: nil) 1;
     Pock_certif 5 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]).
  vm_cast_no_check (eq_refl true).
Qed.

Open Scope Z_scope.

Definition a : Z := - p384_minus_a.

Theorem curve : is_curve p384_base p384_order a p384_b p384_x p384_y = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

(* (n - 1)·G is -G. *)
Theorem order : order_is_n p384_base p384_order a p384_x p384_y = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Theorem rootless : has_no_root p384_base a p384_b
  (12157362177932134139146813183752135342286725243554133716818896354380897714709611791313184492360272402950851405460538, 8235438212423615602427778915669574859600037698862346933589434399495169446996583974901273360826717582835190849638831, 23037766613497683937702734290281044719364893268180251583910224888989381657771069200037813904257325918671976092329602) = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Definition n_times_point := n_times_point _ _ _ _ _ _ base_is_prime order_is_prime curve order _ rootless.

Definition accepted_is_signature :=
  accepted_is_signature _ _ _ _ _ _ base_is_prime order_is_prime curve order _ rootless.
