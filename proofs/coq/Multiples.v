(* Multiples of a point, the rows of a table, and the sum that they make: in any
   commutative group. *)
From Coq Require Import List ZArith Lia Permutation.
Import ListNotations.

Set Implicit Arguments.

(* The number that digits to the base 256 stand for, the lowest digit first. *)
Definition value (D : list Z) : Z := fold_right (fun digit rest => digit + 256 * rest)%Z 0%Z D.

Section Group.

Variable G : Type.
Variables (zero : G) (plus : G -> G -> G) (opposite : G -> G).
Hypothesis zero_left : forall P, plus zero P = P.
Hypothesis commutative : forall P Q, plus P Q = plus Q P.
Hypothesis associative : forall P Q R, plus P (plus Q R) = plus (plus P Q) R.
Hypothesis inverse : forall P, plus P (opposite P) = zero.

Definition total (L : list G) : G := fold_right plus zero L.

Lemma zero_right : forall P, plus P zero = P.
Proof. intros P; rewrite commutative; apply zero_left. Qed.

Lemma cancelled : forall P Q R, plus P Q = plus P R -> Q = R.
Proof.
  intros P Q R E. rewrite <- (zero_left Q), <- (zero_left R), <- (inverse P), (commutative P), <- !associative, E.
  reflexivity.
Qed.

Lemma opposite_zero : opposite zero = zero.
Proof. rewrite <- (zero_left (opposite zero)); apply inverse. Qed.

Lemma opposite_plus : forall P Q, opposite (plus P Q) = plus (opposite P) (opposite Q).
Proof.
  intros P Q. apply cancelled with (plus P Q). rewrite inverse.
  rewrite (commutative P Q), <- associative, (associative P), inverse, zero_left, inverse; reflexivity.
Qed.

Lemma opposite_opposite : forall P, opposite (opposite P) = P.
Proof. intros P. apply cancelled with (opposite P). rewrite inverse, commutative, inverse; reflexivity. Qed.

Fixpoint times_nat (n : nat) (P : G) : G := match n with O => zero | S n => plus P (times_nat n P) end.

(* n·P *)
Definition times (n : Z) (P : G) : G :=
  match n with
  | Z0 => zero
  | Zpos n => times_nat (Pos.to_nat n) P
  | Zneg n => opposite (times_nat (Pos.to_nat n) P)
  end.

Lemma times_nat_plus : forall m n P, times_nat (m + n) P = plus (times_nat m P) (times_nat n P).
Proof.
  induction m as [ | m IH]; intros n P; cbn.
  - symmetry; apply zero_left.
  - rewrite IH; apply associative.
Qed.

Lemma times_of_nat : forall n P, times (Z.of_nat n) P = times_nat n P.
Proof. intros [ | n] P; [reflexivity | ]. cbn [Z.of_nat times]. rewrite SuccNat2Pos.id_succ; reflexivity. Qed.

Lemma times_opposite_of_nat : forall n P, times (- Z.of_nat n) P = opposite (times_nat n P).
Proof.
  intros [ | n] P; cbn [Z.of_nat Z.opp times].
  - cbn; symmetry; apply opposite_zero.
  - rewrite SuccNat2Pos.id_succ; reflexivity.
Qed.

Lemma times_succ : forall n P, times (Z.succ n) P = plus P (times n P).
Proof.
  intros n P. destruct (Z.le_gt_cases 0 n) as [N | N].
  - rewrite <- (Z2Nat.id n N), <- Nat2Z.inj_succ, !times_of_nat; reflexivity.
  - remember (Z.to_nat (- n - 1)) as m eqn:M.
    replace (Z.succ n) with (- Z.of_nat m)%Z by lia. replace n with (- Z.of_nat (S m))%Z by lia.
    rewrite !times_opposite_of_nat; cbn [times_nat].
    rewrite opposite_plus, associative, inverse, zero_left; reflexivity.
Qed.

Theorem times_plus : forall m n P, times (m + n) P = plus (times m P) (times n P).
Proof.
  intros m n P; revert m; apply Z.bi_induction.
  - intros ? ? ->; reflexivity.
  - cbn. symmetry; apply zero_left.
  - intros m; rewrite Z.add_succ_l, !times_succ; split; intros E.
    + rewrite E; apply associative.
    + rewrite <- associative in E. apply cancelled in E; exact E.
Qed.

Theorem times_one : forall P, times 1 P = P.
Proof. intros P; cbn; apply zero_right. Qed.

Theorem times_opposite : forall n P, times (- n) P = opposite (times n P).
Proof.
  intros n P. apply cancelled with (times n P). rewrite <- times_plus, inverse, Z.add_opp_diag_r; reflexivity.
Qed.

Theorem times_times : forall m n P, times (m * n) P = times m (times n P).
Proof.
  intros m n P; revert m; apply Z.bi_induction.
  - intros ? ? ->; reflexivity.
  - reflexivity.
  - intros m; rewrite Z.mul_succ_l, times_plus, times_succ, (commutative (times (m * n) P)); split; intros E.
    + rewrite E; reflexivity.
    + apply cancelled in E; exact E.
Qed.

Lemma times_zero : forall n, times n zero = zero.
Proof.
  apply Z.bi_induction.
  - intros ? ? ->; reflexivity.
  - reflexivity.
  - intros n. rewrite times_succ, zero_left; reflexivity.
Qed.

(* --- The rows of a window, of which the building checks that each is the one before it
   and the first, and the second twice the first. *)
Theorem rows_are_multiples : forall (row : Z -> G) P largest,
  row 1%Z = P -> row 2%Z = plus P P ->
  (forall d, (2 <= d < largest)%Z -> row (d + 1)%Z = plus (row d) (row 1%Z)) ->
  forall d, (1 <= d <= largest)%Z -> (2 <= largest)%Z -> row d = times d P.
Proof.
  intros row P largest E1 E2 E d D L.
  replace d with (1 + Z.of_nat (Z.to_nat (d - 1)))%Z by lia.
  assert (N : (1 + Z.of_nat (Z.to_nat (d - 1)) <= largest)%Z) by lia. revert N.
  induction (Z.to_nat (d - 1)) as [ | n IH]; intros N.
  - cbn [Z.of_nat Z.add]. rewrite E1, times_one; reflexivity.
  - destruct n as [ | n].
    + change (1 + Z.of_nat 1)%Z with (1 + 1)%Z. rewrite times_plus, times_one. exact E2.
    + replace (1 + Z.of_nat (S (S n)))%Z with (1 + Z.of_nat (S n) + 1)%Z by lia.
      rewrite E, IH, E1, (times_plus _ 1), times_one by lia. reflexivity.
Qed.

Fixpoint doubled (n : nat) (P : G) : G := match n with O => P | S n => doubled n (plus P P) end.

Lemma doubled_is_multiple : forall n P, doubled n P = times (2 ^ Z.of_nat n) P.
Proof.
  induction n as [ | n IH]; intros P; cbn [doubled].
  - cbn [Z.of_nat]. rewrite Z.pow_0_r, times_one; reflexivity.
  - rewrite IH. replace (plus P P) with (times (1 + 1) P) by (rewrite times_plus, times_one; reflexivity).
    rewrite <- times_times. f_equal. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
Qed.

(* The next window begins with the last row, doubled so often. *)
Theorem windows_are_multiples : forall (row : nat -> Z -> G) P largest doublings windows,
  (forall w d, (w < windows)%nat -> (1 <= d <= largest)%Z -> row w d = times d (row w 1%Z)) ->
  row 0%nat 1%Z = P ->
  (forall w, (S w < windows)%nat -> row (S w) 1%Z = doubled doublings (row w largest)) ->
  (1 <= largest)%Z ->
  forall w d, (w < windows)%nat -> (1 <= d <= largest)%Z ->
  row w d = times (d * (2 ^ Z.of_nat doublings * largest) ^ Z.of_nat w) P.
Proof.
  intros row P largest doublings windows E E0 En L w d W D. rewrite E, times_times by assumption. f_equal.
  clear d D. induction w as [ | w IH].
  - rewrite E0. cbn [Z.of_nat]. rewrite Z.pow_0_r, times_one; reflexivity.
  - rewrite En, doubled_is_multiple, E, IH by lia.
    rewrite <- !times_times. f_equal. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
Qed.

(* --- The comb: one row for each digit that is not 0, opposite if it is negative. *)
Definition row_of (P : G) (w : nat) (digit : Z) : list G :=
  if (digit =? 0)%Z then []
  else if (digit <? 0)%Z then [opposite (times (- digit * 256 ^ Z.of_nat w) P)]
  else [times (digit * 256 ^ Z.of_nat w) P].

Fixpoint rows_from (P : G) (w : nat) (D : list Z) : list G :=
  match D with [] => [] | digit :: D => row_of P w digit ++ rows_from P (S w) D end.

Definition rows_of (P : G) (D : list Z) : list G := rows_from P 0 D.

Lemma total_app : forall L L', total (L ++ L') = plus (total L) (total L').
Proof.
  induction L as [ | P L IH]; intros L'; cbn [app total fold_right].
  - symmetry; apply zero_left.
  - fold (total (L ++ L')) (total L). rewrite IH. apply associative.
Qed.

Lemma total_row_of : forall P w digit, total (row_of P w digit) = times (digit * 256 ^ Z.of_nat w) P.
Proof.
  intros P w digit; unfold row_of. destruct (Z.eqb_spec digit 0) as [-> | N]; [reflexivity | ].
  destruct (Z.ltb_spec digit 0) as [L | L]; cbn; rewrite zero_right; [ | reflexivity].
  rewrite <- times_opposite. f_equal; lia.
Qed.

Theorem comb_is_multiple : forall P D, total (rows_of P D) = times (value D) P.
Proof.
  intros P D; unfold rows_of.
  assert (E : forall w, total (rows_from P w D) = times (value D * 256 ^ Z.of_nat w) P).
  { induction D as [ | digit D IH]; intros w; [reflexivity | ].
    cbn [rows_from value fold_right]; fold (value D).
    rewrite total_app, total_row_of, IH, <- times_plus. f_equal.
    rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia. }
  rewrite E. cbn [Z.of_nat]. rewrite Z.pow_0_r, Z.mul_1_r; reflexivity.
Qed.

(* The sum of points is the same in any order. *)
Theorem any_order : forall L L', Permutation L L' -> total L = total L'.
Proof.
  induction 1 as [ | P L L' _ IH | P Q L | L L' L'' _ IH _ IH']; cbn [total fold_right] in *.
  - reflexivity.
  - f_equal; exact IH.
  - rewrite associative, (commutative Q P), <- associative; reflexivity.
  - congruence.
Qed.

Theorem comb_is_sum : forall P Q D E L, Permutation L (rows_of P D ++ rows_of Q E) ->
  total L = plus (times (value D) P) (times (value E) Q).
Proof. intros P Q D E L H. rewrite (any_order H), total_app, !comb_is_multiple; reflexivity. Qed.

(* From the highest digit on: four doublings make 16 times the sum, and a digit is added; or
   the sum of the digits of a pass, each times the base of its place. *)
Theorem horner_step : forall v digit P,
  plus (times 16 (times v P)) (times digit P) = times (16 * v + digit) P.
Proof. intros v digit P. rewrite <- times_times, <- times_plus; reflexivity. Qed.

(* Scalars count modulo the order of the point. *)
Theorem multiples_modulo_order : forall n P m m', times n P = zero -> (m mod n = m' mod n)%Z -> n <> 0%Z ->
  times m P = times m' P.
Proof.
  intros n P m m' N E Z.
  rewrite (Z.div_mod m n Z), (Z.div_mod m' n Z), E, !times_plus, (Z.mul_comm n), (Z.mul_comm n (m' / n)),
    !times_times, N, !times_zero; reflexivity.
Qed.

End Group.
