/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/**
 * CkptScaleKind:
 * @CKPT_SCALE_LINEAR: a value is its own position
 * @CKPT_SCALE_SYMLOG: the logarithm of the magnitude, with the sign, and about linear around 0
 */
typedef enum
{
  CKPT_SCALE_LINEAR,
  CKPT_SCALE_SYMLOG,
} CkptScaleKind;

/**
 * CkptScale:
 * @threshold: of symlog, larger than 0: values of a smaller magnitude are spread about linearly
 *
 * How values are spread out before they are counted or drawn in even steps. All zero bytes are the linear one.
 */
typedef struct
{
  CkptScaleKind kind;
  double threshold;
} CkptScale;

CKPT_EXPORT double ckpt_scale_map   (const CkptScale *scale,
                                     double           value);
CKPT_EXPORT double ckpt_scale_unmap (const CkptScale *scale,
                                     double           position);

G_END_DECLS
