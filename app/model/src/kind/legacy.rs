//! Legacy kinds: DeploymentTrack, DeployableArtifact, Deployment.
