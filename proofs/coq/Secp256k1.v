(* secp256k1: with the constants of the code (Constants.v), it is a curve whose points all have the
   prime order n. *)
From Coq Require Import ZArith Znumtheory List.
From Coqprime Require Import PocklingtonCertificat.
From Proofs Require Import Constants Certificates.
Import ListNotations.

Open Scope positive_scope.

Definition found : certificate := {|
  primality_of_p :=
    [Pock_certif 115792089237316195423570985008687907853269984665640564039457584007908834671663 3 ((205115282021455665897114700593932402728804164701536103180137503955397371, 1) :: (2, 1) :: nil) 1;
     Pock_certif 205115282021455665897114700593932402728804164701536103180137503955397371 2 ((132896956044521568488119, 1) :: (3, 1) :: (2, 1) :: nil) 777714288204829891383708;
     Pock_certif 132896956044521568488119 3 ((22149492674086928081353, 1) :: (2, 1) :: nil) 1;
     Pock_certif 22149492674086928081353 5 ((173378833005251801, 1) :: (2, 3) :: nil) 1;
     Pock_certif 173378833005251801 6 ((2621, 1) :: (5, 2) :: (2, 3) :: nil) 163271;
     Pock_certif 2621 2 ((5, 1) :: (2, 2) :: nil) 9;
     Pock_certif 5 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2];
  primality_of_n :=
    [Pock_certif 115792089237316195423570985008687907852837564279074904382605163141518161494337 5 ((174723607534414371449, 1) :: (107361793816595537, 1) :: (2, 6) :: nil) 1;
     Pock_certif 174723607534414371449 3 ((4051, 1) :: (59, 1) :: (17, 1) :: (2, 3) :: nil) 53130590;
     Pock_certif 107361793816595537 3 ((85831, 1) :: (2, 4) :: nil) 1940594;
     Pock_certif 85831 3 ((5, 1) :: (3, 1) :: (2, 1) :: nil) 36;
     Pock_certif 4051 3 ((3, 4) :: (2, 1) :: nil) 1;
     Pock_certif 59 2 ((29, 1) :: (2, 1) :: nil) 1;
     Pock_certif 29 2 ((2, 2) :: nil) 1;
     Pock_certif 17 3 ((2, 4) :: nil) 1;
     Pock_certif 5 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2];
  inverse := (46758632835564736012269203954919337884311706168562511263687580192619680188360, 0, 0)%Z
|}.

Theorem certified :
  certifies secp256k1_base secp256k1_order (- secp256k1_minus_a)%Z secp256k1_b secp256k1_x secp256k1_y found = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Definition n_times_point := n_times_point _ _ _ _ _ _ _ certified.
Definition accepted_is_signature := accepted_is_signature _ _ _ _ _ _ _ certified.
