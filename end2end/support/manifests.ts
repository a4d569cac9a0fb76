// Small manifests of our own, so that a test touches nothing of another's.
export const project = 'default'

/** A service of one container; the version is the image's tag. */
export const service = (name: string, tag: string): string => `apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata:
  name: ${name}
spec:
  owner:
    projectName: ${project}
  type: Service
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata:
  name: ${name}
spec:
  owner:
    projectName: ${project}
    componentName: ${name}
  containers:
    main:
      image: registry.example/${name}:${tag}
  endpoints:
    web:
      type: REST
      port: 8080
---
apiVersion: openchoreo.dev/v1alpha1
kind: Service
metadata:
  name: ${name}
spec:
  owner:
    projectName: ${project}
    componentName: ${name}
  workloadName: ${name}
`
