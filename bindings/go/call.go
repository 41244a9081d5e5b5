package jot

// #include "bridge.h"
import "C"

import "time"

// CallOption is a demand of one call, beyond the rules of its verifier. Demands only narrow.
type CallOption struct {
	kind      int
	now       int64
	texts     []string
	condition *Condition
}

const (
	callAt = iota
	callScopes
	callAudiences
	callIssuers
	callKeySet
	callCondition
)

// At verifies at this instant instead of now.
func At(now time.Time) CallOption { return CallOption{kind: callAt, now: now.Unix()} }

// NeedScopes demands all of these scopes. A token that lacks one is [CodeScopeInsufficient],
// which is 403.
func NeedScopes(scopes ...string) CallOption { return CallOption{kind: callScopes, texts: scopes} }

// NeedAudience demands that aud is or contains one of these; none rejects every token.
func NeedAudience(audiences ...string) CallOption {
	return CallOption{kind: callAudiences, texts: audiences}
}

// NeedIssuer demands that iss is exactly one of these; none rejects every token.
func NeedIssuer(issuers ...string) CallOption {
	return CallOption{kind: callIssuers, texts: issuers}
}

// UsingKeySet names the key set that must verify the token; see [WithKeySet].
func UsingKeySet(name string) CallOption {
	return CallOption{kind: callKeySet, texts: []string{name}}
}

// NeedCondition demands that the claims meet a condition.
func NeedCondition(condition *Condition) CallOption {
	return CallOption{kind: callCondition, condition: condition}
}

// call is what the options of one call come to.
type call struct {
	now        int64
	hasNow     bool
	scopes     []string
	conditions []*Condition
	demand     *C.jot_go_demand
}

func demanded(options []CallOption) call {
	var made call
	if len(options) == 0 {
		return made
	}
	var issuers, audiences, keySet []string
	var someIssuers, someAudiences bool
	for _, option := range options {
		switch option.kind {
		case callAt:
			made.now, made.hasNow = option.now, true
		case callScopes:
			made.scopes = append(made.scopes, option.texts...)
		case callAudiences:
			audiences, someAudiences = append(audiences, option.texts...), true
		case callIssuers:
			issuers, someIssuers = append(issuers, option.texts...), true
		case callKeySet:
			keySet = option.texts
		case callCondition:
			made.conditions = append(made.conditions, option.condition)
		}
	}
	if someIssuers || someAudiences || keySet != nil {
		all := pack(issuers, audiences, keySet)
		made.demand = C.jot_go_demand_new(
			optional(all.all), &all.lengths[0], C.size_t(len(issuers)), C.size_t(len(audiences)),
			C.bool(someIssuers), C.bool(someAudiences), C.bool(keySet != nil),
		)
	}
	return made
}

func (c *call) free() {
	if c.demand != nil {
		C.jot_go_demand_free(c.demand)
	}
}

// needsClaims tells whether the claims are looked at after the engine accepted the token.
func (c *call) needsClaims() bool { return len(c.scopes) != 0 || len(c.conditions) != 0 }

// meets checks the demands that the engine takes after an accepted token.
func (c *call) meets(s *slot) (Code, error) {
	if len(c.scopes) != 0 {
		all := pack(c.scopes)
		if code := C.jot_go_have_scopes(s.of, optional(all.all), &all.lengths[0], all.count()); code != C.JOT_ACCEPTED {
			return Code(code), nil
		}
	}
	for _, condition := range c.conditions {
		object, err := condition.acquire()
		if err != nil {
			return CodeInternal, err
		}
		code := C.jot_claims_meet(s.of.scratch, object)
		condition.release()
		if code != C.JOT_ACCEPTED {
			return Code(code), nil
		}
	}
	return CodeAccepted, nil
}
