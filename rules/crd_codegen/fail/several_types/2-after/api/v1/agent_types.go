package v1

type RunSpec struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}
