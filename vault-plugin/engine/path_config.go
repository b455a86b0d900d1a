package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-uuid"
	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

const defaultMostClients = 400

var configFields = map[string]*framework.FieldSchema{
	"org":           {Type: framework.TypeString, Description: "Name of the organisation in messages. Default: org_id."},
	"org_id":        {Type: framework.TypeString, Description: "Id of the organisation in Genesys Cloud. The client must belong to it."},
	"region":        {Type: framework.TypeString, Description: "AWS name of the organisation's region, for example eu-central-1."},
	"client_id":     {Type: framework.TypeString, Description: "Id of the master: an OAuth client (client credentials) of the engine's own, with the permissions oauth:client:view, add, edit and delete, and every role that it grants."},
	"client_secret": {Type: framework.TypeString, Description: "Secret of the master. It is never shown.", DisplayAttrs: &framework.DisplayAttributes{Sensitive: true}},
	"most_clients":  {Type: framework.TypeInt, Description: "Number of OAuth clients in the organisation, made by anyone, at which the engine makes no more. Keep it below the organisation's limit.", Default: defaultMostClients},
	"address_field": {Type: framework.TypeString, Description: "Name of the field of an OAuth client that has the addresses from which it may call. Needed for allowed_addresses of roles."},
	"api_url":       {Type: framework.TypeString, Description: "Base URL of the Platform API. Default: that of the region."},
	"login_url":     {Type: framework.TypeString, Description: "Base URL of the login. Default: that of the region."},
}

// A change to one of these sends the master's secret elsewhere.
var whereSecretGoes = []string{"org_id", "region", "client_id", "api_url", "login_url"}

func (b *backend) configPath() *framework.Path {
	write := &framework.PathOperation{
		Callback: b.writeConfig, Summary: "Set the organisation and the engine's master client.",
		Description:  "Checks against the organisation, before anything is stored, that the client works and belongs to it.",
		DisplayAttrs: display("configure", "organisation"), ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
		Responses: noContent,
	}
	return &framework.Path{
		Pattern: "config", Fields: configFields, DisplayAttrs: display("", ""),
		HelpSynopsis:    "The organisation, and the client with which the engine makes others.",
		HelpDescription: "Write-only for client_secret. A change of where the secret is sent needs the secret again.",
		ExistenceCheck: func(ctx context.Context, req *logical.Request, _ *framework.FieldData) (bool, error) {
			cfg, err := load[config](ctx, req.Storage, configKey)
			return cfg != nil, err
		},
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.CreateOperation: write, logical.UpdateOperation: write,
			logical.ReadOperation: &framework.PathOperation{
				Callback: b.readConfig, Summary: "Read the configuration, without the secret.",
				DisplayAttrs: display("read", "configuration"), Responses: configAnswer(),
			},
			logical.DeleteOperation: &framework.PathOperation{
				Callback: b.deleteConfig, Summary: "Remove the configuration, once the engine has no clients.",
				DisplayAttrs: display("delete", "configuration"), ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: noContent,
			},
		},
	}
}

func (b *backend) readConfig(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	cfg, err := load[config](ctx, req.Storage, configKey)
	if err != nil || cfg == nil {
		return nil, err
	}
	records, err := allRecords(ctx, req.Storage)
	if err != nil {
		return nil, err
	}
	return &logical.Response{Data: map[string]any{
		"org": cfg.Org, "org_id": cfg.OrgID, "region": cfg.Region, "client_id": cfg.ClientID,
		"own_master":   slices.ContainsFunc(records, func(each *record) bool { return each.ID == cfg.ClientID }),
		"most_clients": cfg.MostClients, "address_field": cfg.AddressField,
		"api_url": cfg.APIURL, "login_url": cfg.LoginURL,
	}}, nil
}

// configAnswer describes what a read of the configuration returns.
func configAnswer() map[int][]framework.Response {
	responses := okWith(configFields, "client_secret")
	responses[200][0].Fields["own_master"] = &framework.FieldSchema{
		Type: framework.TypeBool, Description: "Whether the engine made the master itself.",
	}
	return responses
}

func (b *backend) writeConfig(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	b.configuring.Lock()
	defer b.configuring.Unlock()
	before, err := load[config](ctx, req.Storage, configKey)
	if err != nil {
		return nil, err
	}
	next, err := b.nextConfig(before, req, data)
	if err != nil {
		return answer(nil, err)
	}
	if before != nil && before.OrgID != next.OrgID {
		if err := refuseWithClients(ctx, req.Storage, before, "another organisation cannot be configured"); err != nil {
			return answer(nil, err)
		}
	}
	if err := b.verifyMaster(ctx, next); err != nil {
		return answer(nil, err)
	}
	response, err := warnOfAddresses(ctx, req.Storage, next)
	if err != nil {
		return nil, err
	}
	if err := store(ctx, req.Storage, configKey, next); err != nil {
		return nil, err
	}
	b.connected.forget()
	b.ceiling.forget()
	return response, nil
}

// nextConfig returns the configuration with the fields of a request.
func (b *backend) nextConfig(before *config, req *logical.Request, data *framework.FieldData) (*config, error) {
	next := &config{MostClients: defaultMostClients}
	if before != nil {
		*next = *before
		next.Masters = slices.Clone(before.Masters)
	} else {
		instance, err := uuid.GenerateUUID()
		if err != nil {
			return nil, err
		}
		next.Instance, next.Mount = instance, req.MountAccessor
	}
	texts := map[string]*string{
		"org": &next.Org, "org_id": &next.OrgID, "region": &next.Region, "client_id": &next.ClientID,
		"client_secret": &next.ClientSecret, "address_field": &next.AddressField,
		"api_url": &next.APIURL, "login_url": &next.LoginURL,
	}
	_, withSecret := data.GetOk("client_secret")
	for field, target := range texts {
		value, given := data.GetOk(field)
		if !given {
			continue
		}
		changed := *target != value.(string)
		if before != nil && changed && !withSecret && slices.Contains(whereSecretGoes, field) {
			return nil, refuse("org %s: %s changes where the master's secret is sent: write client_secret in the same request", next.Org, field)
		}
		*target = value.(string)
	}
	if most, given := data.GetOk("most_clients"); given {
		next.MostClients = most.(int)
	}
	if next.Org == "" {
		next.Org = next.OrgID
	}
	if problems := next.problems(); len(problems) > 0 {
		return nil, refuse("the configuration of org %s is not valid:\n- %s", next.Org, strings.Join(problems, "\n- "))
	}
	if !slices.Contains(next.Masters, next.ClientID) {
		next.Masters = append(next.Masters, next.ClientID)
	}
	return next, nil
}

func (b *backend) deleteConfig(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	b.configuring.Lock()
	defer b.configuring.Unlock()
	cfg, err := load[config](ctx, req.Storage, configKey)
	if err != nil || cfg == nil {
		return nil, err
	}
	if err := refuseWithClients(ctx, req.Storage, cfg, "the configuration cannot be deleted"); err != nil {
		return answer(nil, err)
	}
	b.connected.forget()
	b.ceiling.forget()
	return nil, req.Storage.Delete(ctx, configKey)
}

// refuseWithClients refuses what would leave clients that nobody removes. The master in use, which stays,
// is not one of them.
func refuseWithClients(ctx context.Context, s logical.Storage, cfg *config, what string) error {
	records, err := allRecords(ctx, s)
	if err != nil {
		return err
	}
	count := 0
	for _, each := range records {
		if each.ID != cfg.ClientID {
			count++
		}
	}
	intents, err := framework.ListWAL(ctx, s)
	if err != nil {
		return err
	}
	if count+len(intents) == 0 {
		return nil
	}
	return refuse("org %s: %s while the engine has %d clients there, and %d with an unknown result: revoke the leases, delete the roles, and write tidy until it reports none", cfg.Org, what, count, len(intents))
}

var noContent = map[int][]framework.Response{204: {{Description: "No content"}}}

// okWith describes an answer that has fields of a request, without some.
func okWith(fields map[string]*framework.FieldSchema, without ...string) map[int][]framework.Response {
	shown := map[string]*framework.FieldSchema{}
	for name, field := range fields {
		if !slices.Contains(without, name) {
			shown[name] = &framework.FieldSchema{Type: field.Type, Description: field.Description}
		}
	}
	return map[int][]framework.Response{200: {{Description: "OK", Fields: shown}}}
}

func nameField(what string) *framework.FieldSchema {
	return &framework.FieldSchema{Type: framework.TypeLowerCaseString, Description: fmt.Sprintf("Name of the %s.", what)}
}
