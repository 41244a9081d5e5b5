(* The digits of a scalar stand for it. Digits.v is the table of what accel's code does
   with a byte and a carry: the program `formulas` writes it by running that code. *)
From Coq Require Import Bool List ZArith Lia.
From Proofs Require Import Digits Multiples.
Import ListNotations.
Open Scope bool_scope.
Open Scope Z_scope.

(* A step gives digit and carry for byte and carry, and loses nothing. *)
Definition is_right (step : Z * Z * Z * Z) : bool :=
  let '(byte, carry, digit, carry') := step in
  (digit + 256 * carry' =? byte + carry) && (-127 <=? digit) && (digit <=? 128) &&
  ((carry' =? 0) || (carry' =? 1)) && implb (byte <=? 127) (carry' =? 0).

Lemma steps_are_right : forallb is_right digit_steps = true.
Proof. vm_compute; reflexivity. Qed.

Definition bytes : list Z := map Z.of_nat (seq 0 256).

Lemma steps_are_all :
  forallb (fun byte => forallb (fun carry =>
    existsb (fun step => let '(b, c, _, _) := step in (b =? byte) && (c =? carry)) digit_steps) [0; 1]) bytes = true.
Proof. vm_compute; reflexivity. Qed.

(* Bytes, with a carry before them, become digits, with a carry after them. *)
Inductive recoded : Z -> list Z -> list Z -> Z -> Prop :=
  | no_byte carry : recoded carry [] [] carry
  | one_byte carry byte digit carry' B D carry'' : In (byte, carry, digit, carry') digit_steps ->
      recoded carry' B D carry'' -> recoded carry (byte :: B) (digit :: D) carry''.

Lemma step : forall byte carry digit carry', In (byte, carry, digit, carry') digit_steps ->
  digit + 256 * carry' = byte + carry /\ -127 <= digit <= 128 /\ (byte <= 127 -> carry' = 0).
Proof.
  intros byte carry digit carry' I.
  assert (R := proj1 (forallb_forall _ _) steps_are_right _ I); cbn in R.
  rewrite !Bool.andb_true_iff, !Z.leb_le, Z.eqb_eq in R. destruct R as [[[[E L] H] _] Z].
  repeat split; try assumption. intros B. apply Z.leb_le in B; rewrite B in Z. apply Z.eqb_eq; exact Z.
Qed.

Theorem nothing_is_lost : forall carry B D carry', recoded carry B D carry' ->
  length D = length B /\ value D + 256 ^ Z.of_nat (length B) * carry' = value B + carry /\
  Forall (fun digit => -127 <= digit <= 128) D.
Proof.
  induction 1 as [carry | carry byte digit carry' B D carry'' I _ (L & E & F)].
  - repeat split; [cbn [length value fold_right Z.of_nat]; rewrite Z.pow_0_r; lia | constructor].
  - destruct (step _ _ _ _ I) as (S & R & _). repeat split.
    + cbn; rewrite L; reflexivity.
    + cbn [length value fold_right]; fold (value D) (value B).
      rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
    + constructor; assumption.
Qed.

Lemma no_carry_from_low_byte : forall B byte carry D carry', recoded carry (B ++ [byte]) D carry' ->
  byte <= 127 -> carry' = 0.
Proof.
  induction B as [ | b B IH]; intros byte carry D carry' R L; cbn [app] in R; inversion R; subst.
  - match goal with H : recoded _ [] _ _ |- _ => inversion H; subst end.
    destruct (step _ _ _ _ H2) as (_ & _ & Z); exact (Z L).
  - eapply IH; eassumption.
Qed.

Definition is_byte (byte : Z) : Prop := 0 <= byte < 256.

Lemma value_app : forall B B', value (B ++ B') = value B + 256 ^ Z.of_nat (length B) * value B'.
Proof.
  induction B as [ | b B IH]; intros B'.
  - cbn [app length]. change (value []) with 0. change (256 ^ Z.of_nat 0) with 1. lia.
  - cbn [app value fold_right length]; fold (value (B ++ B')) (value B). rewrite IH, Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
Qed.

Lemma value_is_not_negative : forall B, Forall is_byte B -> 0 <= value B.
Proof.
  induction 1 as [ | b B H _ IH]; cbn [value fold_right]; [lia | fold (value B); unfold is_byte in H; lia].
Qed.

(* All numbers below half of what the bytes can hold. *)
Theorem digits_are_the_number : forall B D carry, Forall is_byte B -> recoded 0 B D carry ->
  2 * value B < 256 ^ Z.of_nat (length B) -> value D = value B.
Proof.
  intros B D carry F R L.
  destruct B as [ | byte0 B0] eqn:EB0; [inversion R; reflexivity | rewrite <- EB0 in *].
  destruct (nothing_is_lost _ _ _ _ R) as (_ & E & _).
  enough (carry = 0) as C by (rewrite C in E; lia).
  destruct (exists_last (l := B)) as (B' & byte & EB).
  { rewrite EB0; discriminate. }
  rewrite EB in *; clear byte0 B0 EB0 EB B. apply (no_carry_from_low_byte _ _ _ _ _ R).
  rewrite app_length, Nat.add_comm in L; cbn [length Nat.add] in L.
  rewrite Nat2Z.inj_succ, Z.pow_succ_r, value_app in L by lia. cbn [value fold_right] in L.
  apply Forall_app in F; destruct F as [F' _]. assert (P := value_is_not_negative _ F'). fold (value B') in L.
  assert (0 < 256 ^ Z.of_nat (length B')) by (apply Z.pow_pos_nonneg; lia). nia.
Qed.

Lemma value_of_opposites : forall D, value (map Z.opp D) = - value D.
Proof.
  induction D as [ | digit D IH]; [reflexivity | ].
  cbn [map value fold_right]; fold (value (map Z.opp D)) (value D). rewrite IH; lia.
Qed.

(* A scalar u of the order n, which is written as itself or, if that is smaller, as the
   opposite of n - u. *)
Theorem digits_are_the_scalar : forall n u B D carry, 0 <= u < n -> n < 256 ^ Z.of_nat (length B) ->
  Forall is_byte B -> value B = Z.min u (n - u) -> recoded 0 B D carry ->
  value (if n - u <? u then map Z.opp D else D) mod n = u mod n.
Proof.
  intros n u B D carry U N F V R.
  assert (E : value D = value B) by (apply (digits_are_the_number _ _ _ F R); lia).
  destruct (Z.ltb_spec (n - u) u).
  - rewrite value_of_opposites, E, V. replace (- Z.min u (n - u)) with (u + (-1) * n) by lia.
    apply Z_mod_plus_full.
  - rewrite E, V. f_equal; lia.
Qed.
