package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// addresses returns the field with the addresses from which a client may call.
func (r *role) addresses(cfg *config) platform.Changes {
	if len(r.AllowedAddresses) == 0 {
		return platform.Changes{}
	}
	return platform.Changes{cfg.AddressField: r.AllowedAddresses}
}

// lacksField says whether the role has addresses, and the configuration does not say where they belong.
func (r *role) lacksField(cfg *config) bool {
	return len(r.AllowedAddresses) > 0 && cfg.AddressField == ""
}

const needsField = "allowed_addresses needs address_field in config: the name of the field that Genesys Cloud has for them"

// roleFor reads a role for which a client is made. Either of role and configuration may be written first,
// so this is where they must fit.
func roleFor(ctx context.Context, s logical.Storage, cfg *config, name string) (*role, error) {
	found, err := loadRole(ctx, s, name)
	if err == nil && found.lacksField(cfg) {
		return nil, refuse("org %s, role %s: %s. No client is made before that", cfg.Org, name, needsField)
	}
	return found, err
}

// warnOfAddresses returns a warning about roles that get no client with a configuration. They do not
// keep the others from it.
func warnOfAddresses(ctx context.Context, s logical.Storage, cfg *config) (*logical.Response, error) {
	names, err := s.List(ctx, rolePrefix)
	if err != nil {
		return nil, err
	}
	var lacking []string
	for _, name := range names {
		found, err := load[role](ctx, s, rolePrefix+name)
		if err != nil {
			return nil, err
		}
		if found != nil && found.lacksField(cfg) {
			lacking = append(lacking, "role "+name)
		}
	}
	if len(lacking) == 0 {
		return nil, nil
	}
	response := &logical.Response{}
	response.AddWarning(fmt.Sprintf("org %s, %s: %s. No client is made before that", cfg.Org, strings.Join(lacking, ", "), needsField))
	return response, nil
}
