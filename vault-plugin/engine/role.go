package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

const day = 24 * time.Hour

// Deleted clients that are older than 30 days linger for seven.
const longestLife = 30 * day

// role says which clients are made, and for how long.
type role struct {
	// RoleDivisions are roles of Genesys Cloud, as "<role id>:<division id>".
	RoleDivisions    []string      `json:"role_divisions"`
	TokenLifetime    time.Duration `json:"token_lifetime"`
	AllowedAddresses []string      `json:"allowed_addresses,omitempty"`
	// FirstTTL is how long the first lease of a leased client lasts.
	FirstTTL time.Duration `json:"first_ttl"`
	// TTL is how long any other lease lasts; 0 means that it depends on the mount.
	TTL            time.Duration `json:"ttl"`
	MaxTTL         time.Duration `json:"max_ttl"`
	RotationPeriod time.Duration `json:"rotation_period"`
	// AllowCreds lets creds/<role> hand out clients.
	AllowCreds   bool `json:"allow_creds"`
	MostLeases   int  `json:"most_leases"`
	DeleteAtOnce bool `json:"delete_at_once"`
}

var roleDefaults = role{
	TokenLifetime: time.Hour, FirstTTL: defaultFirstTTL, MaxTTL: day, RotationPeriod: 7 * day, MostLeases: 20,
}

// loadRole reads a role. It is an error if there is none.
func loadRole(ctx context.Context, s logical.Storage, name string) (*role, error) {
	found, err := load[role](ctx, s, rolePrefix+name)
	if err == nil && found == nil {
		err = refuse("there is no role %s: write roles/%s first", name, name)
	}
	return found, err
}

var grantPattern = regexp.MustCompile(`^[0-9a-fA-F-]{36}:(\*|[0-9a-fA-F-]{36})$`)

// problems returns all that is wrong with a role. There may be no configuration yet.
func (r *role) problems(cfg *config) []string {
	var problems []string
	add := func(format string, values ...any) { problems = append(problems, fmt.Sprintf(format, values...)) }
	between := func(field string, value, least, most time.Duration) {
		if value < least || value > most {
			add("%s %s is not valid: use %s to %s", field, value, least, most)
		}
	}
	if len(r.RoleDivisions) == 0 {
		add("role_divisions is missing: use <role id>:<division id>, or <role id>:* for all divisions")
	}
	for _, grant := range r.RoleDivisions {
		if !grantPattern.MatchString(grant) {
			add("role_divisions %q is not valid: use <role id>:<division id>, or <role id>:* for all divisions", grant)
		}
	}
	for _, address := range r.AllowedAddresses {
		if _, err := netip.ParsePrefix(address); err != nil {
			if _, err := netip.ParseAddr(address); err != nil {
				add("allowed_addresses %q is not an IP address or a CIDR range", address)
			}
		}
	}
	if cfg != nil && r.lacksField(cfg) {
		add(needsField)
	}
	between("token_lifetime", r.TokenLifetime, 5*time.Minute, 48*time.Hour)
	between("first_ttl", r.FirstTTL, time.Minute, longestLife-day)
	if r.TTL != 0 {
		between("ttl", r.TTL, time.Minute, longestLife-day)
	}
	between("max_ttl", r.MaxTTL, time.Minute, longestLife-day)
	between("rotation_period", r.RotationPeriod, time.Hour, longestLife-day)
	if r.TTL > r.MaxTTL {
		add("ttl %s is longer than max_ttl %s", r.TTL, r.MaxTTL)
	}
	if r.MostLeases < 1 {
		add("most_leases %d is not valid: use 1 or more", r.MostLeases)
	}
	return problems
}

func (r *role) grants() []platform.RoleDivision {
	grants := make([]platform.RoleDivision, len(r.RoleDivisions))
	for i, grant := range r.RoleDivisions {
		roleID, divisionID, _ := strings.Cut(grant, ":")
		grants[i] = platform.RoleDivision{RoleID: roleID, DivisionID: divisionID}
	}
	return grants
}

// specification is what a client of the role has: another one needs another client.
func (r *role) specification(cfg *config) string {
	sorted := slices.Sorted(slices.Values(r.RoleDivisions))
	encoded, _ := json.Marshal([]any{sorted, r.TokenLifetime, r.addresses(cfg), cfg.OrgID})
	return string(encoded)
}
