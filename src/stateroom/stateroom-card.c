/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-card.h"

#define SPACING 12

struct _StateroomCard
{
  GtkBox parent_instance;

  AdwWrapBox *header;
  GtkLabel *title;
  GtkLabel *note;
  GtkWidget *suffix;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUFFIX,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (StateroomCard, stateroom_card, GTK_TYPE_BOX)

static void
stateroom_card_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  StateroomCard *self = STATEROOM_CARD (object);

  switch (property)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_text (self->title));
      break;
    case PROP_SUFFIX:
      g_value_set_object (value, self->suffix);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
stateroom_card_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  StateroomCard *self = STATEROOM_CARD (object);

  switch (property)
    {
    case PROP_TITLE:
      stateroom_card_set_title (self, g_value_get_string (value));
      break;
    case PROP_SUFFIX:
      stateroom_card_set_suffix (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
stateroom_card_class_init (StateroomCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = stateroom_card_get_property;
  object_class->set_property = stateroom_card_set_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUFFIX] = g_param_spec_object ("suffix", NULL, NULL, GTK_TYPE_WIDGET, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
stateroom_card_init (StateroomCard *self)
{
  GtkWidget *titles = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING / 2);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), SPACING);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "inspector-card");

  self->title = GTK_LABEL (
      g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL));
  self->note = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "natural-wrap-mode",
                                        GTK_NATURAL_WRAP_NONE, "visible", FALSE, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dimmed");
  gtk_widget_set_hexpand (titles, TRUE);
  gtk_box_append (GTK_BOX (titles), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (titles), GTK_WIDGET (self->note));

  self->header = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->header, SPACING);
  adw_wrap_box_set_line_spacing (self->header, SPACING / 2);
  adw_wrap_box_append (self->header, titles);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->header));
}

/**
 * stateroom_card_set_title:
 * @title: its heading
 */
void
stateroom_card_set_title (StateroomCard *self, const char *title)
{
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * stateroom_card_set_note:
 * @note: (nullable): a few words beside the heading
 */
void
stateroom_card_set_note (StateroomCard *self, const char *note)
{
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

/**
 * stateroom_card_set_suffix:
 * @suffix: (nullable): controls at the other end of the heading, or below it where there is no room
 */
void
stateroom_card_set_suffix (StateroomCard *self, GtkWidget *suffix)
{
  if (self->suffix != NULL)
    adw_wrap_box_remove (self->header, self->suffix);
  self->suffix = suffix;
  if (suffix != NULL)
    adw_wrap_box_append (self->header, suffix);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUFFIX]);
}
