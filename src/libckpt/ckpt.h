/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* libckpt reads PyTorch checkpoints without Python and without running anything in them. */

#include "analysis/ckpt-profile.h"
#include "analysis/ckpt-scale.h"
#include "analysis/ckpt-sketch.h"
#include "analysis/ckpt-stats.h"
#include "analysis/ckpt-summary.h"
#include "analysis/ckpt-survey.h"
#include "analysis/ckpt-waste.h"
#include "ckpt-version.h"
#include "formats/ckpt-load.h"
#include "io/ckpt-archive.h"
#include "io/ckpt-error.h"
#include "io/ckpt-limits.h"
#include "io/ckpt-source.h"
#include "io/ckpt-warnings.h"
#include "model/ckpt-dtype.h"
#include "model/ckpt-item.h"
#include "model/ckpt-outline.h"
#include "model/ckpt-path.h"
#include "model/ckpt-tensor.h"
#include "model/ckpt-text.h"
#include "model/ckpt-totals.h"
#include "model/ckpt-tree.h"
#include "model/ckpt-values.h"
