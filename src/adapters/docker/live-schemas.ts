import { z } from 'zod';

/** What is read of a container that an engine has: `GET /containers/ID/json`. */
export const containerSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  Image: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    ExitCode: z.number(),
    StartedAt: z.string().nullish(),
    FinishedAt: z.string().nullish(),
    Health: z
      .object({
        Status: z.string(),
        Log: z.array(z.object({ Output: z.string() })).nullish(),
      })
      .nullish(),
  }),
  RestartCount: z.number().nullish(),
  Config: z.object({
    Image: z.string().nullish(),
    Tty: z.boolean().nullish(),
    User: z.string().nullish(),
    Env: z.array(z.string()).nullish(),
    Cmd: z.array(z.string()).nullish(),
    // Podman 4 gives one string.
    Entrypoint: z.union([z.array(z.string()), z.string()]).nullish(),
    WorkingDir: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    NetworkMode: z.string().nullish(),
    PidMode: z.string().nullish(),
    CapAdd: z.array(z.string()).nullish(),
    Privileged: z.boolean().nullish(),
    ReadonlyRootfs: z.boolean().nullish(),
    Tmpfs: z.record(z.string(), z.string()).nullish(),
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Name: z.string().nullish(),
        Source: z.string().nullish(),
        Destination: z.string(),
        RW: z.boolean(),
      }),
    )
    .nullish(),
  NetworkSettings: z.object({
    Networks: z
      .record(
        z.string(),
        z.object({
          IPAddress: z.string().nullish(),
          Aliases: z.array(z.string()).nullish(),
          DNSNames: z.array(z.string()).nullish(),
        }),
      )
      .nullish(),
    Ports: z
      .record(
        z.string(),
        z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string() })).nullable(),
      )
      .nullish(),
  }),
});

export type InspectedContainer = z.infer<typeof containerSchema>;

export const networksSchema = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    Driver: z.string(),
    Internal: z.boolean().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

/** A line of `GET /events`. */
export const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({
    ID: z.string(),
    Attributes: z.record(z.string(), z.string()).nullish(),
  }),
  time: z.number().nullish(),
  timeNano: z.number().nullish(),
});
