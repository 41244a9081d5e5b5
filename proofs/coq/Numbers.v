(* The numbers of Ed25519: p is prime, -1 is a square modulo p, and the code's d is none.
   Constants.v has the constants that the program `formulas` found in the code. *)
From Coq Require Import ZArith Znumtheory Zpow_facts List Lia.
From Coqprime Require Import PocklingtonCertificat Euler Zp.
From Proofs Require Import Constants.
Import ListNotations.

Open Scope Z_scope.

Definition p : Z := 2 ^ 255 - 19.

Open Scope positive_scope.

(* The certificate was found by a program; Coqprime checks it. *)
Theorem p_is_prime : prime p.
Proof.
  apply (Pocklington_refl
    (Pock_certif 57896044618658097711785492504343953926634992332820282019728792003956564819949 2 ((74058212732561358302231226437062788676166966415465897661863160754340907, 1) :: (2, 2) :: nil) 1)
    [Pock_certif 74058212732561358302231226437062788676166966415465897661863160754340907 2 ((75445702479781427272750846543864801, 1) :: (2, 1) :: nil) 189021903261244636581496544644076848;
     Pock_certif 75445702479781427272750846543864801 7 ((1919519569386763, 1) :: (2, 5) :: nil) 122621466822205436;
     Pock_certif 1919519569386763 2 ((8574133, 1) :: (2, 1) :: nil) 9047060;
     Pock_certif 8574133 2 ((991, 1) :: (2, 2) :: nil) 1;
     Pock_certif 991 3 ((11, 1) :: (2, 1) :: nil) 1;
     Pock_certif 11 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]).
  vm_cast_no_check (eq_refl true).
Qed.

Open Scope Z_scope.

Definition i : Z := 19681161376707505956807079304988542015446066515923890162744021073123829784752.

Theorem minus_one_is_square : (i * i) mod p = p - 1.
Proof. vm_compute; reflexivity. Qed.

(* Euler's criterion. *)
Lemma power_of_d : ed_d ^ ((p - 1) / 2) mod p = p - 1.
Proof.
  change (ed_d ^ ((p - 1) / 2) mod p)
    with (Zpos 37095705934669439343138083508754565189542113879843219016388785533085940283555 ^ Zpos 28948022309329048855892746252171976963317496166410141009864396001978282409974 mod Zpos 57896044618658097711785492504343953926634992332820282019728792003956564819949).
  rewrite <- pow_mod_spec. vm_cast_no_check (eq_refl (p - 1)).
Qed.

Theorem d_is_no_square : forall x, (x * x) mod p <> ed_d.
Proof.
  intros x E.
  assert (P : 1 < p) by (vm_compute; reflexivity).
  assert (R : rel_prime x p).
  { apply rel_prime_sym, prime_rel_prime; [exact p_is_prime | ]. intros [k D].
    assert (Z : (x * x) mod p = 0) by (rewrite D; replace (k * p * (k * p)) with (k * k * p * p) by ring; apply Z_mod_mult).
    rewrite Z in E; discriminate E. }
  assert (F := phi_power_is_1 x p P R). rewrite (prime_phi_n_minus_1 p p_is_prime) in F.
  assert (H : p - 1 = 2 * ((p - 1) / 2)) by (vm_compute; reflexivity).
  rewrite H, Z.pow_mul_r, Z.pow_2_r in F by (vm_compute; discriminate).
  rewrite Zpower_mod, E, power_of_d in F by (vm_compute; reflexivity).
  discriminate F.
Qed.

Theorem half_d_is_right : (2 * ed_half_d) mod p = ed_d mod p.
Proof. vm_compute; reflexivity. Qed.

Theorem eighth_is_right : (8 * ed_eighth) mod p = 1.
Proof. vm_compute; reflexivity. Qed.

Theorem twice_d_is_right : ed_twice_d mod p = (2 * ed_d) mod p.
Proof. vm_compute; reflexivity. Qed.
