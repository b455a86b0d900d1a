// Package cloudsqlconn replaces the login to Google's databases, which no test has: its API takes long to
// compile.
package cloudsqlconn

type Option struct{}

type DialOption struct{}

func WithIAMAuthN() Option                        { return Option{} }
func WithCredentialsJSON([]byte) Option           { return Option{} }
func WithDefaultDialOptions(...DialOption) Option { return Option{} }
func WithPrivateIP() DialOption                   { return DialOption{} }
func WithPSC() DialOption                         { return DialOption{} }
