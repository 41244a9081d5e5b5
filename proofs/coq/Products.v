(* Products of integers, four bits of a factor at a time: their multiple of the other factor is looked up. That
   takes an addition for four bits, where `Z.mul` takes one for each bit that is set. *)
From Coq Require Import ZArith Lia Ring.

Open Scope Z_scope.

(* A tree with an entry for each number of so many bits, the lowest bit first. *)
Inductive table := entry (number : Z) | branch (even odd : table).

(* The entry for the lowest bits of z, and z without them. *)
Fixpoint look (t : table) (z : Z) : Z * Z :=
  match t with
  | entry number => (number, z)
  | branch even odd => look (if Z.odd z then odd else even) (Z.div2 z)
  end.

(* The entry for a number is `made` of `sum` and the number's multiple of `unit`. *)
Fixpoint table_of (made : Z -> Z) (bits : nat) (unit sum : Z) : table :=
  match bits with
  | O => entry (made sum)
  | S bits => branch (table_of made bits (2 * unit) sum) (table_of made bits (2 * unit) (sum + unit))
  end.

Lemma looked_up : forall made bits unit sum z, exists digit,
  z = digit + 2 ^ Z.of_nat bits * snd (look (table_of made bits unit sum) z) /\
  fst (look (table_of made bits unit sum) z) = made (sum + digit * unit).
Proof.
  intros made bits. induction bits as [ | bits IH]; intros unit sum z.
  - exists 0. cbn [table_of look fst snd]. split; [change (2 ^ Z.of_nat 0) with 1; ring | f_equal; ring].
  - assert (D := Z.div2_odd z). cbn [table_of look].
    destruct (Z.odd z); cbn [Z.b2z] in D.
    + destruct (IH (2 * unit) (sum + unit) (Z.div2 z)) as (digit & E & ->). exists (2 * digit + 1).
      split; [ | f_equal; ring]. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
    + destruct (IH (2 * unit) sum (Z.div2 z)) as (digit & E & ->). exists (2 * digit).
      split; [ | f_equal; ring]. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. lia.
Qed.

Fixpoint sum_of_multiples (rounds : nat) (v : Z) (multiples : table) (u : Z) : Z :=
  match rounds with
  | O => u * v
  | S rounds =>
      if u =? 0 then 0
      else let (multiple, u) := look multiples u in multiple + 16 * sum_of_multiples rounds v multiples u
  end.

(* Enough for numbers of 640 bits; what is left of others is multiplied by `Z.mul`. *)
Definition rounds : nat := 160.

Definition product (u v : Z) : Z :=
  let of_positive u := sum_of_multiples rounds v (table_of (fun z => z) 4 v 0) u in
  if u <? 0 then - of_positive (- u) else of_positive u.

Lemma sum_is_product : forall count v u, sum_of_multiples count v (table_of (fun z => z) 4 v 0) u = u * v.
Proof.
  intros count. induction count as [ | count IH]; intros v u; [reflexivity | ]. cbn [sum_of_multiples].
  destruct (Z.eqb_spec u 0) as [-> | _]; [reflexivity | ].
  destruct (looked_up (fun z => z) 4 v 0 u) as (digit & EU & EM).
  destruct (look (table_of (fun z => z) 4 v 0) u) as [multiple rest]. cbn [fst snd] in EU, EM.
  change (2 ^ Z.of_nat 4) with 16 in EU. rewrite IH, EM, EU. ring.
Qed.

Lemma product_is_product : forall u v, product u v = u * v.
Proof. intros u v. unfold product. rewrite !sum_is_product. destruct (u <? 0); ring. Qed.
