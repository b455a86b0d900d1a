package platform

import (
	"context"
	"encoding/base64"
	"time"
)

// Credential is the id and the secret of an OAuth client.
type Credential struct {
	ClientID     string
	ClientSecret string
}

// Token is an access token.
type Token struct {
	Value string
	// ExpiresAt is the time at which Genesys Cloud stops accepting it.
	ExpiresAt time.Time
}

// Life that a token must have left to be used here.
const tokenMargin = 60 * time.Second

// usableUntil returns the time from which a token is no longer used. One that lives shorter than the
// margin is used for half of its life.
func (t Token) usableUntil(issued time.Time) time.Time {
	life := t.ExpiresAt.Sub(issued)
	return issued.Add(max(life-tokenMargin, life/2))
}

// Login gets a new access token (client credentials grant).
func Login(ctx context.Context, s *Sender, endpoints Endpoints, credential Credential) (Token, error) {
	pair := credential.ClientID + ":" + credential.ClientSecret
	var answer struct {
		Value   string  `json:"access_token"`
		Seconds float64 `json:"expires_in"`
	}
	asked := s.Clock.Now()
	c := call{
		method:        "POST",
		url:           endpoints.Login + "/oauth/token",
		name:          "POST /oauth/token",
		authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)),
		contentType:   "application/x-www-form-urlencoded",
		body:          []byte("grant_type=client_credentials"),
	}
	if err := s.send(ctx, c, &answer); err != nil {
		return Token{}, err
	}
	if answer.Value == "" || answer.Seconds <= 0 {
		return Token{}, unusable(c.name, "no token")
	}
	return Token{answer.Value, asked.Add(time.Duration(answer.Seconds * float64(time.Second)))}, nil
}

func unusable(call, what string) *Error {
	return &Error{Call: call, Status: 200, Message: "the answer cannot be used: it has " + what, Attempts: 1}
}
