package v1

type RunSpec struct {
	Image string `json:"image"`
}
