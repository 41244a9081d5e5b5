(* P-256: with the constants of the code (Constants.v), it is a curve whose points all have the
   prime order n. *)
From Coq Require Import ZArith Znumtheory List.
From Coqprime Require Import PocklingtonCertificat.
From Proofs Require Import Constants Certificates.
Import ListNotations.

Open Scope positive_scope.

Definition found : certificate := {|
  primality_of_p :=
    [Pock_certif 115792089210356248762697446949407573530086143415290314195533631308867097853951 3 ((835945042244614951780389953367877943453916927241, 1) :: (2, 1) :: nil) 1;
     Pock_certif 835945042244614951780389953367877943453916927241 7 ((774023187263532362759620327192479577272145303, 1) :: (2, 3) :: nil) 1;
     Pock_certif 774023187263532362759620327192479577272145303 3 ((34282281433, 1) :: (2411, 1) :: (3, 2) :: (2, 1) :: nil) 551353767260291;
     Pock_certif 34282281433 5 ((204061199, 1) :: (2, 3) :: nil) 1;
     Pock_certif 204061199 11 ((23, 1) :: (11, 1) :: (2, 1) :: nil) 503;
     Pock_certif 2411 2 ((241, 1) :: (2, 1) :: nil) 1;
     Pock_certif 241 7 ((2, 4) :: nil) 1;
     Pock_certif 23 5 ((2, 1) :: nil) 1;
     Pock_certif 11 2 ((2, 1) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2];
  primality_of_n :=
    [Pock_certif 115792089210356248762697446949407573529996955224135760342422259061068512044369 7 ((622491383, 1) :: (187019741, 1) :: (17449, 1) :: (3407, 1) :: (2, 4) :: nil) 142848793510808008504665464;
     Pock_certif 622491383 5 ((311245691, 1) :: (2, 1) :: nil) 1;
     Pock_certif 311245691 2 ((29, 2) :: (2, 1) :: nil) 13;
     Pock_certif 187019741 2 ((9350987, 1) :: (2, 2) :: nil) 1;
     Pock_certif 9350987 2 ((229, 1) :: (2, 1) :: nil) 264;
     Pock_certif 17449 14 ((3, 1) :: (2, 3) :: nil) 1;
     Pock_certif 3407 5 ((13, 1) :: (2, 1) :: nil) 26;
     Pock_certif 229 6 ((3, 1) :: (2, 2) :: nil) 1;
     Pock_certif 29 2 ((2, 2) :: nil) 1;
     Pock_certif 13 2 ((2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2];
  inverse := (34768139465301476436978405170953382516735956999154666452188405812258086013549, 74462945259064871768191128030512052509059297803194871526163573358218695456204, 76626890310466861426869089647039036757962535851890885406097439786770458211455)%Z
|}.

Theorem certified :
  certifies p256_base p256_order (- p256_minus_a)%Z p256_b p256_x p256_y found = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Definition n_times_point := n_times_point _ _ _ _ _ _ _ certified.
Definition accepted_is_signature := accepted_is_signature _ _ _ _ _ _ _ certified.
