(* Primes by elliptic curves, as Goldwasser, Kilian, Atkin and Morain found them: where Pocklington's
   theorem needs more factors of N - 1 than are known, the order of a curve may have others.

   A point G of the prime order q is computed with modulo N as if N were prime. What is infinity or not
   at the end is so modulo each prime divisor p of N, and so the order of G is q there. A
   curve over p has at most 2p + 1 points. So p is at least (q - 1)/2, which is above the root of N, and
   N has no such divisor but itself. *)
From Coq Require Import ZArith Znumtheory List Lia Bool Ring.
From Coqprime Require Import GZnZ SMain ZEll EGroup FGroup ZCAux PocklingtonCertificat.
From Proofs Require Curves Multiples Weierstrass Certificates.
From Proofs Require Import Products Residues.
Import ListNotations.

Open Scope Z_scope.

(* --- Products modulo N, a number without a form of its own, by Montgomery's method: u·v divided by a power
   of 2, four bits at a time. Four bits of u stand for a multiple of v, and the lowest four bits
   of the sum for what they are, divided by 16 modulo N: both are looked up. *)

Section Montgomery.

Variable N : Z.
Hypothesis odd : Z.odd N = true.

Definition half : Z := (N + 1) / 2.

Definition sixteenths : table := let sixteenth := half ^ 4 mod N in table_of (fun z => z mod N) 4 sixteenth 0.

Fixpoint summed (rests : table) (rounds : nat) (v : Z) (multiples : table) (u sum : Z) : Z :=
  match rounds with
  | O => sum + u * v
  | S rounds =>
      let (multiple, u) := look multiples u in
      let (rest, sum) := look rests (sum + multiple) in
      summed rests rounds v multiples u (sum + rest)
  end.

(* A table of positive numbers, for sums of numbers with the same sign take less time. *)
Definition times (rests : table) (rounds : nat) (u v : Z) : Z :=
  let positive v := summed rests rounds v (table_of (fun z => z) 4 v 0) u 0 in
  if v <? 0 then - positive (- v) else positive v.

Lemma twice_half : 2 * half = N + 1.
Proof.
  assert (E := Z.div2_odd N). rewrite odd in E. cbn [Z.b2z] in E. unfold half.
  set (k := Z.div2 N) in E. clearbody k.
  replace (N + 1) with ((k + 1) * 2) by lia. rewrite Z_div_mult by lia. ring.
Qed.

Lemma divides_reduced : forall z, (N | z mod N - z).
Proof.
  intros z. exists (- (z / N)). assert (D := Z_div_mod_eq_full z N). lia.
Qed.

Lemma power_of_next : forall k, 0 <= k -> (N | (N + 1) ^ k - 1).
Proof.
  intros k K. pattern k; apply natlike_ind; [exists 0; reflexivity | | exact K].
  intros j J [c E]. exists (c * (N + 1) + 1). rewrite Z.pow_succ_r by exact J. lia.
Qed.

Lemma sixteen_sixteenths : forall digit, (N | 16 * ((digit * (half ^ 4 mod N)) mod N) - digit).
Proof.
  intros digit.
  destruct (divides_reduced (digit * (half ^ 4 mod N))) as [c C]. destruct (divides_reduced (half ^ 4)) as [d D].
  destruct (power_of_next 4) as [e E]; [lia | ]. rewrite <- twice_half, Z.pow_mul_l in E. change (2 ^ 4) with 16 in E.
  set (h := half ^ 4 mod N) in *. set (t := (digit * h) mod N) in *. set (f := half ^ 4) in *. clearbody t h f.
  exists (16 * c + 16 * digit * d + digit * e).
  replace t with (c * N + digit * h) by lia. replace h with (d * N + f) by lia.
  transitivity (16 * c * N + 16 * digit * d * N + digit * (16 * f - 1)); [ring | rewrite E; ring].
Qed.

Lemma summed_is_product : forall rounds v u sum,
  (N | 16 ^ Z.of_nat rounds * summed sixteenths rounds v (table_of (fun z => z) 4 v 0) u sum - (sum + u * v)).
Proof.
  induction rounds as [ | rounds IH]; intros v u sum.
  - exists 0. cbn [summed]. change (16 ^ Z.of_nat 0) with 1. ring.
  - cbn [summed].
    destruct (looked_up (fun z => z) 4 v 0 u) as (digit & EU & EM).
    destruct (look (table_of (fun z => z) 4 v 0) u) as [multiple u']. cbn [fst snd] in EU, EM.
    destruct (looked_up (fun z => z mod N) 4 (half ^ 4 mod N) 0 (sum + multiple)) as (low & ES & ER).
    change (table_of (fun z => z mod N) 4 (half ^ 4 mod N) 0) with sixteenths in ES, ER.
    destruct (look sixteenths (sum + multiple)) as [rest sum'].
    cbn [fst snd] in ES, ER. change (2 ^ Z.of_nat 4) with 16 in *.
    destruct (IH v u' (sum' + rest)) as [c C]. destruct (sixteen_sixteenths low) as [d D].
    cbv beta in EM, ER. rewrite Z.add_0_l in EM, ER. rewrite <- ER in D.
    exists (16 * c + d). rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia.
    set (P := summed _ _ _ _ _ _) in *. clearbody P. set (B := 16 ^ Z.of_nat rounds) in *. clearbody B.
    transitivity (16 * (B * P - (sum' + rest + u' * v)) + (16 * rest - low)); [ | rewrite C, D; ring].
    replace (16 * rest - low) with (16 * (sum' + rest) - (sum + multiple)) by (rewrite ES; ring).
    rewrite EU, EM; ring.
Qed.

Lemma times_is_product : forall rounds u v, (N | 16 ^ Z.of_nat rounds * times sixteenths rounds u v - u * v).
Proof.
  intros rounds u v. unfold times. destruct (v <? 0).
  - destruct (summed_is_product rounds (- v) u 0) as [c C]. exists (- c). lia.
  - destruct (summed_is_product rounds v u 0) as [c C]. exists c. lia.
Qed.

End Montgomery.

(* --- A step: N is prime if q is. *)

Record step := {
  modulus : Z;
  (* y² = x³ + curve_a·x + b, with the b of the point. *)
  curve_a : Z;
  point_x : Z;
  point_y : Z
}.

Definition curve_b (s : step) : Z :=
  point_y s * point_y s - point_x s * point_x s * point_x s - curve_a s * point_x s.

Definition rounds_for (N : Z) : nat := Z.to_nat (Z.log2 N / 4 + 3).

(* Montgomery's form. *)
Definition formed (N z : Z) : Z := Z.shiftl z (4 * Z.of_nat (rounds_for N)) mod N.

Definition is_step (s : step) (q : Z) : bool :=
  let N := modulus s in
  let a := curve_a s in
  let b := curve_b s in
  (1 <? N) && (1 <? q) && (4 * N <? (q - 1) * (q - 1)) &&
  (Z.gcd N (6 * (4 * a * a * a + 27 * b * b)) =? 1) &&
  let rests := sixteenths N in
  let rounds := rounds_for N in
  let times u v := times rests rounds u v in
  let x := formed N (point_x s) in
  let y := formed N (point_y s) in
  let D := signed false (Z.to_pos (q - 1)) in
  (binary D =? q - 1) &&
  match Curves.multiplied times (formed N a) x y (formed N 1) D with
  | Some (X, Y, W) =>
      (Z.gcd N W =? 1) && ((X - times x (times W W)) mod N =? 0) && ((Y + times y (times (times W W) W)) mod N =? 0)
  | None => false
  end.

Section Step.

Variable s : step.
Variable q : Z.
Hypothesis q_is_prime : prime q.
Hypothesis checked : is_step s q = true.

Notation N := (modulus s).
Notation a := (curve_a s).
Notation b := (curve_b s).
Notation x := (point_x s).
Notation y := (point_y s).
Notation rounds := (rounds_for N).

Lemma bounds : 1 < N /\ 1 < q /\ 4 * N < (q - 1) * (q - 1) /\ rel_prime N (6 * (4 * a * a * a + 27 * b * b)).
Proof.
  unfold is_step in checked. cbv zeta in checked. rewrite !andb_true_iff, !Z.ltb_lt, Z.eqb_eq in checked.
  destruct checked as [[[[B C] D] E] _]. apply Zgcd_1_rel_prime in E. auto.
Qed.

Lemma modulus_is_odd : Z.odd N = true.
Proof.
  destruct bounds as (_ & _ & _ & R). destruct (Z.odd N) eqn:O; [reflexivity | exfalso].
  rewrite <- Z.negb_even in O. apply negb_false_iff, Z.even_spec in O. destruct O as [k K].
  assert (U : (2 | 1)).
  { apply R; [exists k; lia | ]. apply Z.divide_mul_l. exists 3. reflexivity. }
  apply Z.divide_1_r_nonneg in U; lia.
Qed.

Section Divisor.

Variable p : Z.
Hypothesis p_is_prime : prime p.
Hypothesis p_divides : (p | N).

Lemma no_factor : forall z, (p | z) -> ~ rel_prime N z.
Proof.
  intros z D R. assert (P := prime_ge_2 p p_is_prime).
  assert (U : (p | 1)) by (apply R; assumption). apply Z.divide_1_r_nonneg in U; lia.
Qed.

Lemma above_3 : 3 < p /\ Z.odd p = true.
Proof.
  destruct bounds as (_ & _ & _ & R). assert (P := prime_ge_2 p p_is_prime).
  assert (T : ~ (p | 6)) by (intros T; apply (no_factor _ (Z.divide_mul_l _ _ _ T) R)).
  assert (N2 : p <> 2) by (intros ->; apply T; exists 3; reflexivity).
  assert (N3 : p <> 3) by (intros ->; apply T; exists 2; reflexivity).
  split; [lia | ]. destruct (Z.odd p) eqn:O; [reflexivity | exfalso].
  rewrite <- Z.negb_even in O. apply negb_false_iff, Z.even_spec in O. destruct O as [k K].
  destruct (prime_divisors p p_is_prime 2) as [E | [E | [E | E]]]; try lia. exists k; lia.
Qed.


Definition inverse_of_form : Z := half N ^ (4 * Z.of_nat rounds).

Lemma inverse_is_inverse : (p | inverse_of_form * 16 ^ Z.of_nat rounds - 1).
Proof.
  apply (Z.divide_trans _ _ _ p_divides). unfold inverse_of_form.
  change 16 with (2 ^ 4). rewrite <- Z.pow_mul_r, <- Z.pow_mul_l, Z.mul_comm by lia.
  rewrite (twice_half N (modulus_is_odd)). apply power_of_next. lia.
Qed.

(* What a number in Montgomery's form stands for. *)
Definition image (z : Z) : pK p := residue p (inverse_of_form * z).

Notation residue := (residue p).
Declare Scope field_scope.
Notation "u + v" := (@pkplus p u v) : field_scope.
Notation "u * v" := (@pkmul p u v) : field_scope.
Notation "u - v" := (@pksub p u v) : field_scope.
Delimit Scope field_scope with field.

Lemma congruent : forall u v, (p | u - v) -> residue u = residue v.
Proof.
  intros u v [c E]. apply same_value. cbn [val Residues.residue].
  replace u with (v + c * p) by lia. apply Z_mod_plus_full.
Qed.

Lemma image_of_sum : forall u v, image (u + v) = (image u + image v)%field.
Proof. intros u v. unfold image. rewrite Z.mul_add_distr_l. apply residue_of_sum. Qed.

Lemma image_of_difference : forall u v, image (u - v) = (image u - image v)%field.
Proof. intros u v. unfold image. rewrite Z.mul_sub_distr_l. apply residue_of_difference. Qed.

Lemma image_of_product : forall u v, image (times (sixteenths N) rounds u v) = (image u * image v)%field.
Proof.
  intros u v. unfold image. rewrite <- residue_of_product. apply congruent.
  assert (M : (p | 16 ^ Z.of_nat rounds * times (sixteenths N) rounds u v - u * v))
    by exact (Z.divide_trans _ _ _ p_divides (times_is_product N modulus_is_odd rounds u v)).
  destruct M as [c C]. destruct inverse_is_inverse as [d D].
  set (i := inverse_of_form) in *. set (t := times _ _ _ _) in *. set (B := 16 ^ Z.of_nat rounds) in *.
  clearbody i t B. exists (i * i * c - i * t * d).
  transitivity (i * i * (B * t - u * v) - i * t * (i * B - 1)); [ring | rewrite C, D; ring].
Qed.

Lemma image_of_formed : forall z, image (formed N z) = residue z.
Proof.
  intros z. unfold image, formed. apply congruent.
  destruct (Z.divide_trans _ _ _ p_divides (divides_reduced N (Z.shiftl z (4 * Z.of_nat rounds)))) as [c C].
  rewrite Z.shiftl_mul_pow2 in C |- * by lia.
  destruct inverse_is_inverse as [d D]. change 16 with (2 ^ 4) in D. rewrite <- Z.pow_mul_r in D by lia.
  set (i := inverse_of_form) in *. set (B := 2 ^ (4 * Z.of_nat rounds)) in *.
  set (t := (z * B) mod N) in *. clearbody i t B. exists (i * c + z * d).
  transitivity (i * (t - z * B) + z * (i * B - 1)); [ring | rewrite C, D; ring].
Qed.

Lemma image_of_multiple : forall z, z mod N = 0 -> image z = pkO p.
Proof.
  intros z E. unfold image. destruct bounds as (B & _). apply Zmod_divide in E; [ | lia].
  rewrite <- (congruent 0); [reflexivity | ].
  rewrite Z.sub_0_l. apply Z.divide_opp_r, Z.divide_mul_r, (Z.divide_trans _ _ _ p_divides E).
Qed.

Lemma image_not_zero : forall z, rel_prime N z -> image z <> pkO p.
Proof.
  intros z R E. apply (f_equal (val p)) in E. rewrite (value_of_zero p p_is_prime) in E.
  unfold image in E. cbn [val Residues.residue] in E. assert (P := prime_ge_2 p p_is_prime).
  apply Zmod_divide in E; [ | lia]. apply (prime_mult p p_is_prime) in E. destruct E as [E | E].
  - destruct inverse_is_inverse as [d D]. destruct E as [e E].
    assert (U : (p | 1)) by (exists (e * 16 ^ Z.of_nat rounds - d); rewrite Z.mul_sub_distr_r, <- D, E; ring).
    apply Z.divide_1_r_nonneg in U; lia.
  - exact (no_factor z E R).
Qed.

Lemma curve_modulo_divisor : Curves.is_curve p (p + 1) a b x y = true.
Proof.
  destruct above_3 as [P O]. destruct bounds as (_ & _ & _ & R).
  unfold Curves.is_curve. rewrite O, !andb_true_iff, !Z.ltb_lt, !Z.eqb_eq. repeat split; try lia.
  - apply Zgcd_1_rel_prime. apply prime_rel_prime; [exact p_is_prime | ]. intros D.
    exact (no_factor _ (Z.divide_mul_r _ _ _ D) R).
  - f_equal. rewrite <- !residue_of_product, <- !residue_of_sum. apply congruent.
    exists 0. unfold curve_b. ring.
Qed.

Notation curve := curve_modulo_divisor.
Notation group := (Curves.group p (p + 1) a b x y p_is_prime curve).
Notation theory := (Curves.theory p (p + 1) a b x y p_is_prime curve).
Notation generator := (Curves.generator p (p + 1) a b x y p_is_prime curve).

Lemma order_is_q : gpow generator group q = e group.
Proof.
  destruct bounds as (_ & Q & _). rewrite <- (Curves.multiple_is_power p (p + 1)) by lia.
  assert (C := checked). unfold is_step in C. cbv zeta in C. rewrite !andb_true_iff, (Z.eqb_eq (binary _)) in C.
  destruct C as [_ [B C]]. set (D := signed false _) in *. clearbody D.
  destruct (Curves.multiplied _ _ _ _ _ D) as [[[X Y] W] | ] eqn:E; [ | discriminate C].
  rewrite !andb_true_iff, !Z.eqb_eq in C. destruct C as [[CW CX] CY].
  assert (S := Curves.multiplied_is_multiple p (p + 1) a b x y p_is_prime curve _ _ _ _ _ image
    image_of_sum image_of_difference image_of_product (image_of_formed a) (image_of_formed x)
    (image_of_formed y) (image_of_formed 1) D _ E).
  cbn [snd Curves.images] in S. specialize (S (image_not_zero _ (proj1 (Zgcd_1_rel_prime _ _) CW))).
  apply image_of_multiple in CX, CY.
  rewrite image_of_difference, !image_of_product, image_of_formed in CX.
  rewrite image_of_sum, !image_of_product, image_of_formed in CY.
  rewrite B in S. replace q with (q - 1 + 1) by ring.
  exact (Curves.next_is_infinity p (p + 1) a b x y p_is_prime curve _ _ _ _ S CX CY).
Qed.

Lemma divisor_is_large : q <= 2 * p + 1.
Proof.
  destruct bounds as (_ & Q & _).
  assert (D : (e_order (ceqb theory) generator group | q)).
  { apply e_order_divide_gpow; [apply Curves.in_group | lia | exact order_is_q]. }
  assert (E : e_order (ceqb theory) generator group = q).
  { assert (P := e_order_pos _ (ceqb theory) _ generator group).
    destruct (prime_divisors q q_is_prime _ D) as [E | [E | [E | E]]]; trivial; try lia.
    assert (W := gpow_e_order_is_e _ (ceqb theory) _ generator group (Curves.in_group _ _ _ _ _ _ _ _ generator)).
    rewrite E, (gpow_1 _ _ generator group (Curves.in_group _ _ _ _ _ _ _ _ generator)) in W. discriminate W. }
  assert (G := e_order_divide_g_order _ (ceqb theory) _ generator group (Curves.in_group _ _ _ _ _ _ _ _ generator)).
  rewrite E in G. apply Z.divide_pos_le in G; [ | apply g_order_pos].
  assert (B : g_order group <= 2 * p + 1) by apply gorder_pG. lia.
Qed.

End Divisor.

Theorem modulus_is_prime : prime N.
Proof.
  destruct bounds as (B & Q & L & _). destruct (prime_dec N) as [P | C]; [exact P | exfalso].
  destruct (Zdivide_div_prime_le_square N B C) as (p & P & D & S).
  assert (G := divisor_is_large p P D). assert (P2 := prime_ge_2 p P). nia.
Qed.

End Step.

(* --- A chain of steps, and a certificate of the last prime. *)

Record certificate := { steps : list step; of_last : Certif }.

Definition last_of (certif : Certif) : Z :=
  match certif with [] => 0 | first :: _ => Zpos (nprim first) end.

Definition first_of (steps : list step) (last : Z) : Z :=
  match steps with [] => last | s :: _ => modulus s end.

Fixpoint are_steps (steps : list step) (last : Z) : bool :=
  match steps with
  | [] => true
  | s :: rest => is_step s (first_of rest last) && are_steps rest last
  end.

Definition shows_prime (c : certificate) (N : Z) : bool :=
  (first_of (steps c) (last_of (of_last c)) =? N) &&
  Certificates.shows_prime (of_last c) (last_of (of_last c)) && are_steps (steps c) (last_of (of_last c)).

Theorem is_prime : forall c N, shows_prime c N = true -> prime N.
Proof.
  intros [chain certif] N. unfold shows_prime. cbn [steps of_last].
  rewrite !andb_true_iff, Z.eqb_eq. intros [[<- L] C]. apply Certificates.is_prime in L.
  induction chain as [ | s rest IH]; [exact L | ].
  cbn [are_steps] in C. rewrite andb_true_iff in C. destruct C as [S R].
  exact (modulus_is_prime s _ (IH R) S).
Qed.
