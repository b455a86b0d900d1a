package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// inOrg names the organisation in an error, if there is one.
func inOrg(cfg *config, err error) error {
	if err == nil || cfg == nil {
		return err
	}
	return fmt.Errorf("org %s: %w", cfg.Org, err)
}

// explain names organisation, role, Genesys' cause and the fix of a call of the master that failed.
func explain(ctx context.Context, cfg *config, api *platform.API, role string, wanted []platform.RoleDivision, err error) error {
	var failed *platform.Error
	if !errors.As(err, &failed) {
		return err
	}
	where := fmt.Sprintf("org %s, role %s", cfg.Org, role)
	switch {
	case platform.IsUnknownClient(err):
		return fmt.Errorf("%s: %w. The login no longer accepts the master %s: it was deactivated, deleted or has a new secret. Write config with a client that works", where, err, cfg.ClientID)
	case platform.IsRefusedRequest(err):
		if lacking := lackedByMaster(ctx, api, wanted); lacking != "" {
			return refuse("%s: %s. The master %s lacks %s, and Genesys Cloud lets a client grant only its own roles: grant it these roles, or take them out of the role", where, err, cfg.ClientID, lacking)
		}
	case platform.IsUncertain(err):
		return fmt.Errorf("%s: %w. It may have worked nevertheless: the engine looks it up in %d minutes. It is safe to ask again now", where, err, int(walAge.Minutes()))
	}
	return fmt.Errorf("%s: %w", where, err)
}

// lackedByMaster returns the wanted roles that the master lacks, in words.
func lackedByMaster(ctx context.Context, api *platform.API, wanted []platform.RoleDivision) string {
	master, err := api.Client(ctx, api.ClientID())
	if err != nil || master == nil {
		return ""
	}
	return inWords(platform.Lacking(master.Grants, wanted))
}

func inWords(grants []platform.RoleDivision) string {
	words := make([]string, len(grants))
	for i, grant := range grants {
		words[i] = fmt.Sprintf("the role %s in division %s", grant.RoleID, grant.DivisionID)
	}
	return strings.Join(words, " and ")
}
