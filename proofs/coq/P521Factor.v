(* The prime factor of 361 bits from which P-521's order is proved prime (P521.v). Of s - 1 so
   few factors are known that Pocklington's theorem says nothing; curves modulo s have orders
   of which the factors are known. *)
From Coq Require Import ZArith Znumtheory Bool List.
From Coqprime Require Import PocklingtonCertificat.
From Proofs Require Import EllipticCertificates.
Import ListNotations.

Definition s : Z := 3636410625392624440351547907325502812950802686368714273274221490761556277859337865760708490235892541081304511.

Definition found : certificate := {|
  steps :=
    [{| modulus := 3636410625392624440351547907325502812950802686368714273274221490761556277859337865760708490235892541081304511;
        curve_a := 625104799666921291967712688378411877097231434850236634150376670156634956420751227258590353995597011656316230;
        point_x := 1324532271252692270945304377516148486484372548444718290668722259442098217596698262984299740696188661551798387;
        point_y := 679294068399139052722635726836923099000026929127814461165639282456396330358218665465842447756814759212644525 |};
     {| modulus := 327263421527752983083435526819092758446880928394582388229;
        curve_a := 229962652245342622786142297730407208300152109986838585454;
        point_x := 267304211514250491377549739106306122022126069342663262692;
        point_y := 138603037327324862889349075079747154963837229505869498437 |}]%Z;
  of_last :=
    [Pock_certif 96227414649284064307236578537 3 ((158913913, 1) :: (179271086377, 1) :: (2, 3) :: nil) 1;
     Pock_certif 158913913 5 ((6621413, 1) :: (2, 3) :: nil) 1;
     Pock_certif 6621413 2 ((236479, 1) :: (2, 2) :: nil) 1;
     Pock_certif 236479 3 ((3583, 1) :: (2, 1) :: nil) 1;
     Pock_certif 3583 3 ((199, 1) :: (2, 1) :: nil) 1;
     Pock_certif 199 3 ((11, 1) :: (2, 1) :: nil) 1;
     Pock_certif 11 2 ((5, 1) :: (2, 1) :: nil) 1;
     Pock_certif 5 2 ((2, 2) :: nil) 1;
     Pock_certif 179271086377 5 ((159223, 1) :: (2, 3) :: nil) 1;
     Pock_certif 159223 3 ((223, 1) :: (2, 1) :: nil) 1;
     Pock_certif 223 3 ((37, 1) :: (2, 1) :: nil) 1;
     Pock_certif 37 2 ((3, 2) :: (2, 2) :: nil) 1;
     Pock_certif 3 2 ((2, 1) :: nil) 1;
     Proof_certif 2 prime_2]%positive
|}.

Theorem certified : shows_prime found s = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Definition is_prime : prime s := EllipticCertificates.is_prime _ _ certified.

(* One wrong number in a step, and it shows nothing. *)
Definition shows (N a x y q : Z) : bool :=
  is_step {| modulus := N; curve_a := a; point_x := x; point_y := y |} q.

Theorem wrong_numbers_are_refused :
  match steps found with
  | [_; {| modulus := N; curve_a := a; point_x := x; point_y := y |}] =>
      let q := last_of (of_last found) in
      shows N a x y q && negb (shows (N + 2) a x y q) && negb (shows N (a + 1) x y q) &&
      negb (shows N a (x + 1) y q) && negb (shows N a x (y + 1) q) && negb (shows N a x y (q + 2))
  | _ => false
  end%Z = true.
Proof. vm_cast_no_check (eq_refl true). Qed.
