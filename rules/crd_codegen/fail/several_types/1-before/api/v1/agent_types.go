package v1

type RunSpec struct {
	Name string `json:"name"`
}
