package platform

import "slices"

// The 18 public regions of Genesys Cloud, by AWS name and domain. The API is at `api.<domain>`, the
// login at `login.<domain>`. Source: getRegionMap in the Genesys Cloud Terraform provider v1.84.1,
// without its two internal regions.
var domains = map[string]string{
	"us-east-1":      "mypurecloud.com",
	"us-east-2":      "use2.us-gov-pure.cloud",
	"us-west-2":      "usw2.pure.cloud",
	"ca-central-1":   "cac1.pure.cloud",
	"mx-central-1":   "mxc1.pure.cloud",
	"sa-east-1":      "sae1.pure.cloud",
	"eu-west-1":      "mypurecloud.ie",
	"eu-west-2":      "euw2.pure.cloud",
	"eu-central-1":   "mypurecloud.de",
	"eu-central-2":   "euc2.pure.cloud",
	"eusc-de-east-1": "edee1.eusc-pure.cloud",
	"me-central-1":   "mec1.pure.cloud",
	"ap-southeast-1": "apse1.pure.cloud",
	"ap-southeast-2": "mypurecloud.com.au",
	"ap-northeast-1": "mypurecloud.jp",
	"ap-northeast-2": "apne2.pure.cloud",
	"ap-northeast-3": "apne3.pure.cloud",
	"ap-south-1":     "aps1.pure.cloud",
}

// Endpoints are the base URLs of the Platform API and of its login.
type Endpoints struct {
	API   string
	Login string
}

// EndpointsOf returns the base URLs of a region, and whether there is such a region.
func EndpointsOf(region string) (Endpoints, bool) {
	domain, ok := domains[region]
	return Endpoints{API: "https://api." + domain, Login: "https://login." + domain}, ok
}

// Regions returns the names of all regions, sorted.
func Regions() []string {
	names := make([]string, 0, len(domains))
	for name := range domains {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
