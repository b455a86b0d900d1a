package engine

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"
)

var roleFields = map[string]*framework.FieldSchema{
	"name":              nameField("role"),
	"role_divisions":    {Type: framework.TypeCommaStringSlice, Description: "Roles of Genesys Cloud that the clients get, each as <role id>:<division id>, or <role id>:* for all divisions."},
	"token_lifetime":    {Type: framework.TypeDurationSecond, Description: "How long an access token lives: 5 minutes to 48 hours.", Default: int(roleDefaults.TokenLifetime.Seconds())},
	"allowed_addresses": {Type: framework.TypeCommaStringSlice, Description: "IP addresses and CIDR ranges from which the clients may call. Default: those that Genesys Cloud allows."},
	"first_ttl":         {Type: framework.TypeDurationSecond, Description: "How long the first lease of creds/<role> lasts, before the first renewal: at most ttl. If Vault crashes while it hands out a client, the client is deactivated five minutes after this time. Consumers that cannot renew need a longer one, and then such a client lives longer as well.", Default: int(roleDefaults.FirstTTL.Seconds())},
	"ttl":               {Type: framework.TypeDurationSecond, Description: "How long a lease lasts before it must be renewed. A token's lease cannot be renewed, and never lasts longer than the token. Default, also for 0: one hour, or the mount's default lease TTL if that is shorter."},
	"max_ttl":           {Type: framework.TypeDurationSecond, Description: "How long a lease lasts at most: less than 30 days, since clients that are older linger for seven days after their deletion.", Default: int(roleDefaults.MaxTTL.Seconds())},
	"rotation_period":   {Type: framework.TypeDurationSecond, Description: "After which time the client that token/<role> uses is replaced: less than 30 days.", Default: int(roleDefaults.RotationPeriod.Seconds())},
	"allow_creds":       {Type: framework.TypeBool, Description: "Whether creds/<role> hands out clients. Each lease is then one client of the organisation."},
	"most_leases":       {Type: framework.TypeInt, Description: "Number of clients that creds/<role> hands out at once.", Default: roleDefaults.MostLeases},
	"delete_at_once":    {Type: framework.TypeBool, Description: "Whether a leased client is deleted at once when its lease ends, which ends its tokens as well. Default: it is deactivated, and deleted when its tokens have ended."},
}

func (b *backend) rolePath() *framework.Path {
	write := &framework.PathOperation{
		Callback: b.writeRole, Summary: "Create or change a role.", DisplayAttrs: display("write", "role"),
		Description:               "The next token uses a client with the new roles. Leased clients stay as they are until their lease ends.",
		ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true, Responses: noContent,
	}
	return &framework.Path{
		Pattern: "roles/" + framework.GenericNameRegex("name"), Fields: roleFields, DisplayAttrs: display("", ""),
		HelpSynopsis:    "A role: which clients are made, and for how long.",
		HelpDescription: "token/<role> and creds/<role> use it.",
		ExistenceCheck: func(ctx context.Context, req *logical.Request, data *framework.FieldData) (bool, error) {
			found, err := load[role](ctx, req.Storage, rolePrefix+data.Get("name").(string))
			return found != nil, err
		},
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.CreateOperation: write, logical.UpdateOperation: write,
			logical.ReadOperation: &framework.PathOperation{
				Callback: b.readRole, Summary: "Read a role.", DisplayAttrs: display("read", "role"), Responses: okWith(roleFields, "name"),
			},
			logical.DeleteOperation: &framework.PathOperation{
				Callback: b.deleteRole, Summary: "Delete a role.", DisplayAttrs: display("delete", "role"),
				Description:               "Its client is retired: it gives no new tokens, and is deleted when its tokens have ended. Leased clients stay until their lease ends.",
				ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true, Responses: noContent,
			},
		},
	}
}

func (b *backend) roleListPath() *framework.Path {
	return &framework.Path{
		Pattern: "roles/?$", DisplayAttrs: display("", ""),
		HelpSynopsis: "The names of all roles.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.ListOperation: &framework.PathOperation{
				Callback: func(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
					names, err := req.Storage.List(ctx, rolePrefix)
					if err != nil {
						return nil, err
					}
					return logical.ListResponse(names), nil
				},
				Summary: "List the roles.", DisplayAttrs: display("list", "roles"),
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: map[string]*framework.FieldSchema{
					"keys": {Type: framework.TypeStringSlice, Description: "Names of the roles."},
				}}}},
			},
		},
	}
}

func (b *backend) rotateRolePath() *framework.Path {
	return &framework.Path{
		Pattern: "roles/" + framework.GenericNameRegex("name") + "/rotate", DisplayAttrs: display("", ""),
		Fields:          map[string]*framework.FieldSchema{"name": roleFields["name"]},
		HelpSynopsis:    "Replace the client that token/<role> uses now.",
		HelpDescription: "Needed when someone else deactivated or deleted the client: the engine does not undo that by itself.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.UpdateOperation: &framework.PathOperation{
				Callback: b.rotateRole, Summary: "Replace a role's client.", DisplayAttrs: display("rotate", "role"),
				ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: map[string]*framework.FieldSchema{
					"client_id": {Type: framework.TypeString, Description: "Id of the new client."},
				}}}},
			},
		},
	}
}

func (b *backend) writeRole(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	name := data.Get("name").(string)
	cfg, err := load[config](ctx, req.Storage, configKey)
	if err != nil {
		return nil, err
	}
	lock := locksutil.LockForKey(b.roles, name)
	lock.Lock()
	defer lock.Unlock()
	next, err := load[role](ctx, req.Storage, rolePrefix+name)
	if err != nil {
		return nil, err
	}
	if next == nil {
		defaults := roleDefaults
		next = &defaults
	}
	next.set(data)
	if problems := next.problems(cfg); len(problems) > 0 {
		err := inOrg(cfg, refuse("the role %s is not valid:\n- %s", name, strings.Join(problems, "\n- ")))
		return answer(nil, err)
	}
	return nil, store(ctx, req.Storage, rolePrefix+name, next)
}

// set takes over the fields of a request.
func (r *role) set(data *framework.FieldData) {
	durations := map[string]*time.Duration{
		"token_lifetime": &r.TokenLifetime, "rotation_period": &r.RotationPeriod,
		"first_ttl": &r.FirstTTL, "ttl": &r.TTL, "max_ttl": &r.MaxTTL,
	}
	for field, target := range durations {
		if value, given := data.GetOk(field); given {
			*target = time.Duration(value.(int)) * time.Second
		}
	}
	for field, target := range map[string]*[]string{
		"role_divisions": &r.RoleDivisions, "allowed_addresses": &r.AllowedAddresses,
	} {
		if value, given := data.GetOk(field); given {
			*target = value.([]string)
		}
	}
	for field, target := range map[string]*bool{"allow_creds": &r.AllowCreds, "delete_at_once": &r.DeleteAtOnce} {
		if value, given := data.GetOk(field); given {
			*target = value.(bool)
		}
	}
	if value, given := data.GetOk("most_leases"); given {
		r.MostLeases = value.(int)
	}
}

func (b *backend) readRole(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	found, err := load[role](ctx, req.Storage, rolePrefix+data.Get("name").(string))
	if err != nil || found == nil {
		return nil, err
	}
	return &logical.Response{Data: map[string]any{
		"role_divisions": found.RoleDivisions,
		// A list also when it is empty: Terraform compares it with what it wrote.
		"allowed_addresses": append([]string{}, found.AllowedAddresses...),
		"token_lifetime":    int(found.TokenLifetime.Seconds()), "rotation_period": int(found.RotationPeriod.Seconds()),
		"first_ttl": int(found.FirstTTL.Seconds()), "ttl": int(found.TTL.Seconds()), "max_ttl": int(found.MaxTTL.Seconds()),
		"allow_creds": found.AllowCreds, "most_leases": found.MostLeases, "delete_at_once": found.DeleteAtOnce,
	}}, nil
}

func (b *backend) deleteRole(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	name := data.Get("name").(string)
	lock := locksutil.LockForKey(b.roles, name)
	lock.Lock()
	defer lock.Unlock()
	// The role first, so that nothing makes another client for it. Tidy retires the client.
	if err := req.Storage.Delete(ctx, rolePrefix+name); err != nil {
		return nil, err
	}
	return nil, req.Storage.Delete(ctx, currentPrefix+name)
}

func (b *backend) rotateRole(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return answer(nil, err)
	}
	next, err := b.rotateClient(ctx, req.Storage, cfg, data.Get("name").(string))
	if err != nil {
		return answer(nil, err)
	}
	return &logical.Response{Data: map[string]any{"client_id": next.ID}}, nil
}
