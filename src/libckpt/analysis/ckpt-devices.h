/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-device.h"
#include "model/ckpt-tensor.h"

G_BEGIN_DECLS

/**
 * CkptDeviceRow:
 * @tag: the device, such as "cuda:1"
 * @n_storages: storages with that location
 * @n_tensors: tensors there
 * @n_bytes: bytes of the storages, and of tensors that have it as an argument
 * @n_calls: tensors that are not there because their storage is, but because they are made with that device as an argument
 * @n_staying: tensors on it that PyTorch keeps on the CPU: random number generators, and counters of steps
 * @n_objects: torch.device objects and texts that name it
 */
typedef struct
{
  char *tag;
  guint n_storages;
  guint n_tensors;
  guint64 n_bytes;
  guint n_calls;
  guint n_staying;
  guint n_objects;
} CkptDeviceRow;

/**
 * CkptDeviceObject:
 * @tag: the device that it is
 * @path: where it is, in the long form
 * @node: the value
 *
 * A torch.device, or a text that names a device: map_location of torch.load() leaves it as it is.
 */
typedef struct
{
  char *tag;
  char *path;
  CkptNodeId node;
} CkptDeviceObject;

typedef enum
{
  CKPT_STAY_NONE,
  CKPT_STAY_RNG,  /* state of a random number generator */
  CKPT_STAY_STEP, /* counter of an optimizer that is neither capturable nor fused */
} CkptStay;

/**
 * CkptDevices:
 * @rows: (element-type CkptDeviceRow): the most bytes first
 * @objects: (element-type CkptDeviceObject): in the order of the file; the first 1,000
 * @n_objects: all of them
 *
 * On what devices the values of a file are.
 */
typedef struct
{
  GPtrArray *rows;
  GPtrArray *objects;
  guint n_objects;

  /*< private >*/
  guint8 *stays; /* #CkptStay of each tensor */
  guint n_stays;
} CkptDevices;

CKPT_EXPORT CkptDevices         *ckpt_devices_new         (CkptTree          *tree,
                                                           CkptNodeId         from);
CKPT_EXPORT void                 ckpt_devices_free        (CkptDevices       *self);
CKPT_EXPORT const CkptDeviceRow *ckpt_devices_find        (const CkptDevices *self,
                                                           const char        *tag);
CKPT_EXPORT CkptStay             ckpt_devices_get_stay    (const CkptDevices *self,
                                                           guint              tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptDevices, ckpt_devices_free)

G_END_DECLS
