(* Integers that stand for residues modulo p, and that X³ + a·X + b has no root there. *)
From Coq Require Import ZArith Znumtheory List Lia Bool Ring Field.
From Coqprime Require Import GZnZ ZEll Euler Zp.
From Proofs Require Products.
Import ListNotations.

Open Scope Z_scope.

Section Residues.

Variables p a b : Z.
Hypothesis p_is_prime : prime p.

Notation K := (pK p).
Declare Scope field_scope.
Notation "u + v" := (@pkplus p u v) : field_scope.
Notation "u * v" := (@pkmul p u v) : field_scope.
Notation "u - v" := (@pksub p u v) : field_scope.
Notation "u / v" := (@pkdiv p u v) : field_scope.
Delimit Scope field_scope with field.

Add Field K_field : (pKfth p_is_prime).

Definition residue (z : Z) : K := mkznz p (z mod p) (modz p z).

Lemma same_value : forall u v : K, val p u = val p v -> u = v.
Proof. intros [u U] [v V] E; cbn in E; apply zirr; exact E. Qed.

(* --- What is computed: integers that stand for residues. A product is reduced by multiples of
   p, which has few digits that are not 0. *)

(* A number in digits -1, 0 and 1 to the base 2, the lowest first, with `more` added. *)
Fixpoint signed (more : bool) (k : positive) : list Z :=
  match k, more with
  | xH, false => [1]
  | xH, true => [0; 1]
  | xO k, false => 0 :: signed false k
  | xI k, true => 0 :: signed true k
  | xI k, false | xO k, true => match k with xI _ => -1 :: signed true k | _ => 1 :: signed false k end
  end.

Definition binary (D : list Z) : Z := fold_right (fun digit rest => digit + 2 * rest) 0 D.

(* Its digits that are not 0, and their places. *)
Fixpoint terms_of (place : Z) (D : list Z) : list (Z * Z) :=
  match D with
  | [] => []
  | digit :: D => (if digit =? 0 then [] else [(digit, place)]) ++ terms_of (place + 1) D
  end.

Definition terms_of_p : list (Z * Z) := terms_of 0 (signed false (Z.to_pos p)).

Definition value_of (terms : list (Z * Z)) : Z := fold_right (fun term rest => fst term * 2 ^ snd term + rest) 0 terms.

Definition are_terms (terms : list (Z * Z)) : bool := (value_of terms =? p) && forallb (fun term => 0 <=? snd term) terms.

(* z - q·p *)
Definition less (terms : list (Z * Z)) (q z : Z) : Z :=
  fold_right (fun term rest => rest - fst term * Z.shiftl q (snd term)) z terms.

Fixpoint reduced (rounds : nat) (s : Z) (terms : list (Z * Z)) (z : Z) : Z :=
  match rounds with
  | O => z
  | S rounds => let q := Z.shiftr z s in if q =? 0 then z else reduced rounds s terms (less terms q z)
  end.

Definition rounds : nat := 12.

Lemma less_is_less : forall terms q z, forallb (fun term => 0 <=? snd term) terms = true ->
  less terms q z = z - q * value_of terms.
Proof.
  induction terms as [ | [digit place] terms IH]; intros q z F; cbn; [ring | ].
  cbn in F. rewrite andb_true_iff, Z.leb_le in F. destruct F as [P F].
  fold (less terms q z) (value_of terms). rewrite IH, Z.shiftl_mul_pow2 by assumption. ring.
Qed.

Lemma residue_of_reduced : forall r s terms z, are_terms terms = true -> residue (reduced r s terms z) = residue z.
Proof.
  intros r s terms z T. unfold are_terms in T. rewrite andb_true_iff, Z.eqb_eq in T. destruct T as [V F]. revert z.
  induction r as [ | r IH]; intros z; cbn [reduced]; [reflexivity | ].
  destruct (Z.shiftr z s =? 0); [reflexivity | ].
  rewrite IH, less_is_less, V by exact F. apply same_value; cbn [val residue].
  replace (z - Z.shiftr z s * p) with (z + - Z.shiftr z s * p) by ring. apply Z_mod_plus_full.
Qed.

Lemma residue_of_sum : forall u v, residue (u + v) = (residue u + residue v)%field.
Proof. intros; apply same_value; apply Zplus_mod. Qed.

Lemma residue_of_difference : forall u v, residue (u - v) = (residue u - residue v)%field.
Proof. intros; apply same_value; apply Zminus_mod. Qed.

Lemma residue_of_product : forall u v, residue (u * v) = (residue u * residue v)%field.
Proof. intros; apply same_value; apply Zmult_mod. Qed.

Definition residues (T : Z * Z * Z) : K * K * K := let '(u, v, w) := T in (residue u, residue v, residue w).

Ltac residues := cbn [residues];
  repeat (rewrite ?Products.product_is_product, ?residue_of_sum, ?residue_of_difference, ?residue_of_product;
    rewrite ?residue_of_reduced by assumption).

(* --- No root. *)

(* c2·X² + c1·X + c0, modulo X³ + a·X + b. *)
Notation polynomial := (K * K * K)%type.

Definition at_root (r : K) (P : polynomial) : K := let '(c2, c1, c0) := P in (c2 * (r * r) + c1 * r + c0)%field.

Definition product_over (T : Set) (plus minus times : T -> T -> T) (a b : T) (P Q : T * T * T) : T * T * T :=
  let '(c2, c1, c0) := P in
  let '(d2, d1, d0) := Q in
  let e4 := times c2 d2 in
  let e3 := plus (times c2 d1) (times c1 d2) in
  (minus (plus (plus (times c2 d0) (times c1 d1)) (times c0 d2)) (times a e4),
   minus (minus (plus (times c1 d0) (times c0 d1)) (times a e3)) (times b e4),
   minus (times c0 d0) (times b e3)).

Definition product : polynomial -> polynomial -> polynomial :=
  product_over K (@pkplus p) (@pksub p) (@pkmul p) (residue a) (residue b).

Definition product_of_integers (s : Z) (terms : list (Z * Z)) : Z * Z * Z -> Z * Z * Z -> Z * Z * Z :=
  product_over Z Z.add Z.sub (fun u v => reduced rounds s terms (Products.product u v)) a b.

Lemma residues_of_product : forall s terms P Q, are_terms terms = true ->
  residues (product_of_integers s terms P Q) = product (residues P) (residues Q).
Proof.
  intros s terms [[c2 c1] c0] [[d2 d1] d0] T. unfold product_of_integers, product, product_over; cbv zeta. residues. reflexivity.
Qed.

Section Power.
Variable T : Type.
Variable times : T -> T -> T.
Fixpoint power (t : T) (e : positive) : T :=
  match e with
  | xH => t
  | xO e => let s := power t e in times s s
  | xI e => let s := power t e in times t (times s s)
  end.
End Power.
Arguments power {T} times t e.

Lemma product_at_root : forall r P Q, (r * r * r + residue a * r + residue b)%field = pkO p ->
  at_root r (product P Q) = (at_root r P * at_root r Q)%field.
Proof.
  intros r [[c2 c1] c0] [[d2 d1] d0] R. unfold at_root, product, product_over. cbv zeta.
  transitivity (
    (c2 * (r * r) + c1 * r + c0) * (d2 * (r * r) + d1 * r + d0)
    - (c2 * d2 * r + (c2 * d1 + c1 * d2)) * (r * r * r + residue a * r + residue b))%field; [ring | ].
  rewrite R; ring.
Qed.

Lemma power_at_root : forall r P e, (r * r * r + residue a * r + residue b)%field = pkO p ->
  at_root r (power product P e) = power (@pkmul p) (at_root r P) e.
Proof.
  intros r P e R. induction e as [e IH | e IH | ]; cbn [power]; rewrite ?product_at_root, ?IH by exact R; reflexivity.
Qed.

Lemma residues_of_power : forall s terms P e, are_terms terms = true ->
  residues (power (product_of_integers s terms) P e) = power product (residues P) e.
Proof.
  intros s terms P e T. induction e as [e IH | e IH | ]; cbn [power]; rewrite ?residues_of_product, ?IH by exact T; reflexivity.
Qed.

Lemma value_of_zero : val p (pkO p) = 0.
Proof. assert (P := prime_ge_2 p p_is_prime). apply Z.mod_0_l; lia. Qed.

Lemma value_of_one : val p (pkI p) = 1.
Proof. assert (P := prime_ge_2 p p_is_prime). apply Z.mod_1_l; lia. Qed.

Lemma value_of_product : forall u v : K, val p (u * v)%field = (val p u * val p v) mod p.
Proof. reflexivity. Qed.

Lemma power_is_power : forall (r : K) e, val p (power (@pkmul p) r e) = val p r ^ Zpos e mod p.
Proof.
  intros r e. assert (P := prime_ge_2 p p_is_prime).
  induction e as [e IH | e IH | ]; cbn [power].
  - rewrite !value_of_product, IH, <- Zmult_mod, Zmult_mod_idemp_r.
    f_equal. rewrite Pos2Z.inj_xI, Z.pow_add_r, Z.pow_1_r, Z.pow_twice_r by lia. ring.
  - rewrite value_of_product, IH, <- Zmult_mod.
    f_equal. rewrite Pos2Z.inj_xO, Z.pow_twice_r; ring.
  - rewrite Z.pow_1_r. apply inZnZ.
Qed.

Lemma power_p : forall r : K, power (@pkmul p) r (Z.to_pos p) = r.
Proof.
  intros r. assert (P := prime_ge_2 p p_is_prime).
  apply same_value. rewrite power_is_power, Z2Pos.id by lia.
  transitivity (val p r mod p); [ | symmetry; apply inZnZ].
  replace (val p r ^ p) with (val p r * val p r ^ (p - 1)) by (rewrite <- Z.pow_succ_r by lia; f_equal; lia).
  destruct (Zdivide_dec p (val p r)) as [D | D].
  - rewrite Zmult_mod, (Zdivide_mod _ _ D), Z.mul_0_l, Z.mod_0_l; lia.
  - rewrite Zmult_mod, <- (prime_phi_n_minus_1 p p_is_prime), phi_power_is_1, Z.mul_1_r, Zmod_mod; [reflexivity | lia | ].
    apply rel_prime_sym, prime_rel_prime; assumption.
Qed.

(* X^p - X has an inverse modulo the cubic, and so it is 0 at no root. *)
Definition has_no_root (inverse : Z * Z * Z) : bool :=
  let s := Z.log2_up p in
  let terms := terms_of_p in
  are_terms terms &&
  let '(c2, c1, c0) := power (product_of_integers s terms) (0, 1, 0) (Z.to_pos p) in
  let '(one2, one1, one0) := product_of_integers s terms (c2, c1 - 1, c0) inverse in
  (one2 mod p =? 0) && (one1 mod p =? 0) && (one0 mod p =? 1).

Theorem no_root : forall inverse, has_no_root inverse = true ->
  forall r, (r * r * r + residue a * r + residue b)%field <> pkO p.
Proof.
  intros inverse C r R. unfold has_no_root in C.
  rewrite andb_true_iff in C; destruct C as [T C].
  set (s := Z.log2_up p) in C; set (terms := terms_of_p) in *; clearbody s terms.
  assert (X := power_at_root r (residues (0, 1, 0)) (Z.to_pos p) R).
  rewrite <- (residues_of_power s terms) in X by exact T.
  destruct (power (product_of_integers s terms) (0, 1, 0) (Z.to_pos p)) as [[c2 c1] c0].
  assert (I : residue 0 = pkO p /\ residue 1 = pkI p) by (split; reflexivity). destruct I as [IO II].
  replace (at_root r (residues (0, 1, 0))) with r in X by (cbn [at_root residues]; rewrite IO, II; ring).
  rewrite power_p in X.
  assert (Y := product_at_root r (residues (c2, c1 - 1, c0)) (residues inverse) R).
  rewrite <- (residues_of_product s terms) in Y by exact T.
  destruct (product_of_integers s terms (c2, c1 - 1, c0) inverse) as [[one2 one1] one0].
  rewrite !andb_true_iff, !Z.eqb_eq in C. destruct C as [[C2 C1] C0].
  assert (E : at_root r (residues (one2, one1, one0)) = pkI p).
  { cbn [residues].
    replace (residue one2) with (pkO p) by (apply same_value; rewrite value_of_zero; symmetry; exact C2).
    replace (residue one1) with (pkO p) by (apply same_value; rewrite value_of_zero; symmetry; exact C1).
    replace (residue one0) with (pkI p) by (apply same_value; rewrite value_of_one; symmetry; exact C0).
    cbn [at_root]; ring. }
  assert (F : at_root r (residues (c2, c1 - 1, c0)) = pkO p).
  { transitivity (at_root r (residues (c2, c1, c0)) - r)%field; [ | rewrite X; ring].
    cbn [residues]. rewrite residue_of_difference, II. cbn [at_root]. ring. }
  rewrite E, F in Y.
  refine ((pKfth p_is_prime).(Field_theory.F_1_neq_0) _).
  change (pkI p = pkO p). rewrite Y; ring.
Qed.

End Residues.
